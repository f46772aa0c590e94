using System.Globalization;
using System.Text;

namespace Init.Vsock.Bench;

/// <summary>The section of RESULTS.md that this benchmark writes.</summary>
internal static class ResultsSection
{
    /// <summary>Where it stands.</summary>
    public static readonly MarkedSection Marks = new("vsock");

    public static string Of(BenchResult result)
    {
        Circumstances circumstances = result.Circumstances;
        string changes = circumstances.HasUncommittedChanges ? " with uncommitted changes" : "";
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"""
            {Marks.Begin}
            ## The vsock back end, beside one in C

            Made by `bench/Vsock.Bench` on {circumstances.Date:yyyy-MM-dd HH:mm} UTC, commit {circumstances.Commit}{changes}
            on {circumstances.Cpus} CPUs "{circumstances.Cpu}", Linux {circumstances.HostKernel}; {circumstances.Qemu}, machine nitro-enclave, TCG, 2 CPUs.
            Load average {circumstances.LoadAtStart:F2} at the start, {circumstances.LoadAtEnd:F2} at the end.

            Two guests run `tests/guest/raw_echo.c` as PID 1, one behind `src/Simulator`'s back end, one behind a back end of 1,400 lines of C with the
            same sockets and the same credit; they take turns, and every byte is counted by who receives it. Cells are MB/s, medians with (least
            to greatest); ratios are ours over its, turn by turn: below 1 we are slower. The aim is at least 0.5.

            | what | runs | C# | C | C# / C |
            |---|--:|--:|--:|--:|

            """);
        foreach (CellResult cell in result.Cells)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {cell.Workload} | {cell.Runs} | {Spread(cell.Ours)} | {Spread(cell.Theirs)} | **{cell.Ratio.Median:F2}** ({cell.Ratio.Min:F2} to {cell.Ratio.Max:F2}) |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nworst throughput ratio to the back end in C: {result.WorstRatio:F2}\n\n{Marks.End}\n").ToString();
    }

    private static string Spread(Series series) => string.Create(
        CultureInfo.InvariantCulture, $"{Show(series.Median)} ({Show(series.Min)} to {Show(series.Max)})");

    private static string Show(double value) => value.ToString(value < 10 ? "F2" : "F0", CultureInfo.InvariantCulture);
}
