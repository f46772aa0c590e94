using System.Globalization;
using System.Text;
using Init.Prover.Bench.Contestants;

namespace Init.Prover.Bench.Reporting;

/// <summary>A drawing of a run: our CPU time over native bb's, a bar for each cell, a panel for each operation.</summary>
internal static class RatioPlot
{
    private const int LabelWidth = 130;
    private const int PanelWidth = 230;
    private const int PanelGap = 24;
    private const int RowHeight = 22;
    private const int Top = 56;
    private const double Scale = PanelWidth / MaxRatio;
    private const double MaxRatio = 1.6;

    public static string Of(BenchResult result)
    {
        Operation[] operations = [.. ((Operation[])[Operation.Prove, Operation.Key, Operation.Verify]).Where(o => result.Cells.Any(c => c.Operation == o))];
        (string Circuit, int Threads)[] rows = [.. result.Cells.Select(c => (c.Circuit, c.Threads)).Distinct()];
        int width = LabelWidth + (operations.Length * (PanelWidth + PanelGap));
        int height = Top + (rows.Length * RowHeight) + 30;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">
            <rect width="{width}" height="{height}" fill="#fff"/>
            <text x="8" y="18" font-weight="bold">CPU time, Init over native bb msgpack: left of the line we are cheaper</text>

            """);
        for (int row = 0; row < rows.Length; row++)
        {
            string label = $"{rows[row].Circuit}, {rows[row].Threads} {(rows[row].Threads == 1 ? "thread" : "threads")}";
            Text(svg, LabelWidth - 8, Y(row) + 15, label, "end");
        }

        for (int i = 0; i < operations.Length; i++)
        {
            AppendPanel(svg, LabelWidth + (i * (PanelWidth + PanelGap)), operations[i], rows, result);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendPanel(StringBuilder svg, double left, Operation operation, (string Circuit, int Threads)[] rows, BenchResult result)
    {
        string title = operation switch { Operation.Prove => "proving", Operation.Key => "verification key", _ => "verifying" };
        Text(svg, left, Top - 14, title, "start");
        for (int row = 0; row < rows.Length; row++)
        {
            CellResult? cell = result.Cells.FirstOrDefault(c => c.Operation == operation && (c.Circuit, c.Threads) == rows[row]);
            if (cell is null)
            {
                continue;
            }

            double ratio = cell.Ratio(Contestant.BbMsgpack, c => c.CpuMs.Median);
            double length = Math.Min(ratio, MaxRatio) * Scale;
            string colour = ratio <= 1 ? "#2f7d4f" : "#b5651d";
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left:F0}\" y=\"{Y(row) + 3}\" width=\"{length:F1}\" height=\"{RowHeight - 6}\" fill=\"{colour}\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + 5:F0}\" y=\"{Y(row) + 15}\" fill=\"#fff\">{ratio:F2}</text>\n");
        }

        double native = left + Scale;
        int bottom = Y(rows.Length);
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{native:F1}\" y1=\"{Top - 4}\" x2=\"{native:F1}\" y2=\"{bottom + 4}\" stroke=\"#000\"/>\n");
        Text(svg, native, bottom + 18, "1.0", "middle");
    }

    private static int Y(int row) => Top + (row * RowHeight);

    private static void Text(StringBuilder svg, double x, double y, string text, string anchor) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:F0}\" y=\"{y:F0}\" text-anchor=\"{anchor}\">{text}</text>\n");
}
