using System.Globalization;
using System.Xml.Linq;

namespace Init.Parent.Bench;

/// <summary>A line plot as inline SVG: lines are told apart by colour and by dashes, and the page has the numbers as a table too.</summary>
internal sealed record Plot
{
    private const double Width = 760, Height = 300, Left = 78, Right = 28, Top = 12, Bottom = 44;

    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>What it shows, for who does not see it.</summary>
    public required string Description { get; init; }

    public required string XTitle { get; init; }

    /// <summary>Where the x axis has ticks, with their labels; its ends are the first and the last.</summary>
    public required IReadOnlyList<(double At, string Label)> XTicks { get; init; }

    public required PlotAxis Y { get; init; }

    public required IReadOnlyList<PlotLine> Lines { get; init; }

    /// <summary>The figure: caption, legend, plot.</summary>
    public XElement ToXml() => new(
        "figure",
        new XElement("figcaption", new XElement("h2", Title)),
        Lines.Count > 1 ? Legend() : null,
        new XElement(
            "svg",
            new XAttribute("class", "plot"),
            new XAttribute("viewBox", Text($"0 0 {Width} {Height}")),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", $"{Id}-title {Id}-description"),
            new XElement("title", new XAttribute("id", $"{Id}-title"), Title),
            new XElement("desc", new XAttribute("id", $"{Id}-description"), Description),
            Y.Ticks.Select(YTick),
            XTicks.Select(XTick),
            Label(Left + ((Width - Left - Right) / 2), Height - 6, "middle", XTitle),
            Lines.Select(Line)));

    private XElement Legend() => new(
        "ul",
        new XAttribute("class", "legend"),
        Lines.Select((line, index) => new XElement(
            "li",
            new XElement(
                "svg",
                new XAttribute("viewBox", "0 0 36 10"),
                new XAttribute("aria-hidden", "true"),
                new XElement("path", new XAttribute("class", $"line s{index % PlotLine.Styles}"), new XAttribute("d", "M0 5H36"))),
            line.Name)));

    private XElement Line(PlotLine line, int index)
    {
        // A point that stands alone is a line of no length, which a round cap shows as a dot.
        string path = string.Concat(line.Points.Select((point, number) => Text($"{(number == 0 ? "M" : "L")}{X(point.X):F1} {YOf(point.Y):F1}")));
        return new XElement(
            "path",
            new XAttribute("class", $"line s{index % PlotLine.Styles}"),
            new XAttribute("d", line.Points.Count == 1 ? path + "h0" : path),
            new XElement("title", line.Name));
    }

    private IEnumerable<XElement> YTick(double value) =>
    [
        new("path", new XAttribute("class", "grid"), new XAttribute("d", Text($"M{Left} {YOf(value):F1}H{Width - Right}"))),
        Label(Left - 8, YOf(value) + 4, "end", Y.Label(value)),
    ];

    private IEnumerable<XElement> XTick((double At, string Label) tick) =>
    [
        new("path", new XAttribute("class", "grid"), new XAttribute("d", Text($"M{X(tick.At):F1} {Top}V{Height - Bottom}"))),
        Label(X(tick.At), Height - Bottom + 18, "middle", tick.Label),
    ];

    private static XElement Label(double x, double y, string anchor, string text) => new(
        "text",
        new XAttribute("x", Text($"{x:F1}")),
        new XAttribute("y", Text($"{y:F1}")),
        new XAttribute("text-anchor", anchor),
        text);

    private double X(double value)
    {
        double first = XTicks[0].At, last = XTicks[^1].At;
        return Left + ((Width - Left - Right) * (last > first ? (value - first) / (last - first) : 0));
    }

    private double YOf(double value) => Height - Bottom - ((Height - Top - Bottom) * Y.Place(value));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
