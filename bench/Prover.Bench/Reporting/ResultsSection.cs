using System.Globalization;
using System.Text;
using Init.Prover.Bench.Contestants;
using Init.Prover.Bench.Measuring;

namespace Init.Prover.Bench.Reporting;

/// <summary>The generated section of bench/RESULTS.md.</summary>
internal static class ResultsSection
{
    /// <summary>Where it stands.</summary>
    public static MarkedSection MarksOf(BenchResult result) => new(BenchCommand.SectionName(result.Cpu));

    private static readonly (Contestant Who, string Name)[] Columns =
    [
        (Contestant.Init, "Init"),
        (Contestant.BbMsgpack, "bb msgpack"),
        (Contestant.BbProcess, "bb process"),
        (Contestant.BbJs, "bb.js"),
    ];

    /// <param name="result">The run.</param>
    /// <param name="plot">Path of its plot.</param>
    public static string Of(BenchResult result, string plot)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{MarksOf(result).Begin}\n## Proving, in-process and elsewhere{Allowed(result.Cpu)}\n\n**{result.Warning}.**\n\n");
        AppendCircumstances(text, result);
        text.Append(CultureInfo.InvariantCulture, $"![Init's CPU time over native bb's, by operation, circuit and threads]({plot})\n\n");
        foreach ((Operation operation, string title) in (ReadOnlySpan<(Operation, string)>)
            [(Operation.Prove, "Proving, key given"), (Operation.Key, "Computing the verification key"), (Operation.Verify, "Verifying")])
        {
            CellResult[] cells = [.. result.Cells.Where(cell => cell.Operation == operation)];
            if (cells.Length > 0)
            {
                AppendTable(text, $"{title}: CPU time in ms", cells, c => Spread(c.CpuMs), c => c.CpuMs.Median);
                AppendTable(text, $"{title}: wall time in ms", cells, c => Spread(c.WallMs), c => c.WallMs.Median);
            }

            if (operation == Operation.Prove && cells.Length > 0)
            {
                AppendTable(text, $"{title}: peak resident memory in MiB", cells, c => Number(c.PeakMiB), c => c.PeakMiB);
            }
        }

        AppendFixedCosts(text, result);
        if (result.WorstCpuRatioToNative is { } worst)
        {
            text.Append(CultureInfo.InvariantCulture, $"Of proving from 2^12 gates on, which the aims are about (`tiny` does not count):\n{worst}\n\n");
        }

        return text.Append(MarksOf(result).End).Append('\n').ToString();
    }

    private static string Allowed(string cpu) => cpu switch
    {
        "avx512" => ", Init without IFMA",
        "adx" => ", Init without AVX-512",
        "bmi2" => ", Init without AVX-512 and ADX",
        _ => "",
    };

    private static void AppendCircumstances(StringBuilder text, BenchResult result)
    {
        Machine machine = result.Machine;
        string changes = machine.HasUncommittedChanges ? "with uncommitted changes " : "";
        string features = string.Join(' ', machine.CpuFeatures);
        string versions = string.Join(", ", machine.Versions.Select(version => $"{version.Key} {version.Value}"));
        string idle = machine.Disturbance is { } disturbance
            ? $"; while it measured, {disturbance}: {(disturbance.IsIdle ? "idle" : "**not idle**")}"
            : "";
        text.Append(CultureInfo.InvariantCulture, $"""
            Made by `bench/Prover.Bench` on {machine.Date:yyyy-MM-dd HH:mm} UTC in {result.ElapsedSeconds:F0} s, commit {machine.Commit}
            {changes}on {machine.Cpus} CPUs "{machine.Cpu}" ({features}), Linux {machine.Kernel};
            {versions}. Load average {machine.LoadAtStart:F2} at the start, {machine.LoadAtEnd:F2} at the end{idle}.

            Contestants take turns in one run. Cells are medians with (least to greatest) of as many runs as the column
            says; a number in brackets says where it was fewer. "Init" is `src/Prover` in this process with a fresh instance for each
            request, from the gzipped input to the parsed proof; "bb msgpack" is native `bb msgpack run` kept warm, from the unpacked
            request to its reply; "bb process" is `bb prove`, `write_vk` or `verify` from start to exit; "bb.js" is its WebAssembly in
            node, kept warm. Every proof was verified by another contestant, and all keys were equal. Ratios are of medians, ours
            over theirs: below 1 we are cheaper. A peak is the lowest of the runs, since a warm process keeps what a larger proof left.


            """);
    }

    private static void AppendTable(
        StringBuilder text,
        string title,
        IEnumerable<CellResult> cells,
        Func<ContestantResult, string> show,
        Func<ContestantResult, double> value)
    {
        text.Append(CultureInfo.InvariantCulture, $"### {title}\n\n| circuit | gates | threads | runs |");
        text.AppendJoin("", Columns.Select(column => $" {column.Name} |"));
        text.Append(" Init / bb msgpack | Init / bb process |\n|---|--:|--:|--:|");
        text.AppendJoin("", Columns.Select(_ => "--:|")).Append("--:|--:|\n");
        foreach (CellResult cell in cells)
        {
            int runs = cell.Contestants[Contestant.Init].Runs;
            text.Append(CultureInfo.InvariantCulture, $"| {cell.Circuit} | {cell.Gates} | {cell.Threads} | {runs} |");
            foreach ((Contestant who, _) in Columns)
            {
                string shown = cell.Contestants.TryGetValue(who, out ContestantResult? found) ? show(found) : "-";
                string fewer = found is not null && found.Runs != runs ? $" [{found.Runs}]" : "";
                text.Append(CultureInfo.InvariantCulture, $" {shown}{fewer} |");
            }

            double toMsgpack = cell.Ratio(Contestant.BbMsgpack, value);
            double toProcess = cell.Ratio(Contestant.BbProcess, value);
            text.Append(CultureInfo.InvariantCulture, $" **{toMsgpack:F2}** | {toProcess:F2} |\n");
        }

        text.Append('\n');
    }

    private static void AppendFixedCosts(StringBuilder text, BenchResult result)
    {
        SetupCosts setup = result.Setup;
        FixedCosts others = result.FixedCosts;
        double start = setup.Create.Median + setup.LoadCrs.Median + setup.Freeze.Median;
        string bbJsRequest = others.BbJs is { } bbJs ? Spread(bbJs) : "-";
        string othersRequests = $"{Spread(others.BbMsgpack)} | {Spread(others.BbProcess)} | {bbJsRequest}";
        string close = $"after `{setup.ProvedCircuit}`, {Number(setup.CloseAfterProof)} to close";
        text.Append(CultureInfo.InvariantCulture, $"""
            ### Fixed costs: wall time in ms

            | what | Init | bb msgpack | bb process | bb.js |
            |---|--:|--:|--:|--:|
            | start, with {setup.Points} + {setup.GrumpkinPoints} points | {Number(start)} | {Number(others.BbMsgpackStart)} | - | {Number(others.BbJsStart)} |
            """);
        text.Append(CultureInfo.InvariantCulture, $"""

            | the smallest request | {Spread(setup.SmallestRequest)} | {othersRequests} |

            Init's start: create {Spread(setup.Create)}, load the points {Spread(setup.LoadCrs)}, freeze {Spread(setup.Freeze)};
            before it, once a process, {Number(setup.ReadCrs)} to read the CRS and to check that its points are on the curve.
            A fresh instance takes {Spread(setup.Open)} to open and, {close}:
            both are part of the times above. The smallest request hashes nothing; of "bb process" it is `bb --version`.


            """);
    }

    private static string Spread(Series series) => series.Min < series.Max
        ? $"{Number(series.Median)} ({Number(series.Min)} to {Number(series.Max)})"
        : Number(series.Median);

    private static string Number(double? value) => value switch
    {
        null => "-",
        < 10 => value.Value.ToString("F2", CultureInfo.InvariantCulture),
        < 100 => value.Value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("F0", CultureInfo.InvariantCulture),
    };
}
