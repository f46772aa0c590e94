using System.Globalization;
using System.Text;
using Init.Prover.Bench.Contestants;

namespace Init.Prover.Bench.Reporting;

/// <summary>The section of bench/RESULTS.md that has the last runs side by side: with all of the CPU, and with less of it.</summary>
internal static class SummarySection
{
    /// <summary>Where it stands.</summary>
    public static MarkedSection Marks { get; } = new("prover-summary");

    private const double Aim = 0.9;
    private const double AimWithIfma = 0.7;
    private const double AimOfWholeProcess = 0.6;
    private const string ProcessCircuit = "small";

    /// <summary>What <c>--cpu</c> may say, from the most to the least.</summary>
    private static readonly (string Cpu, string Title)[] Variants =
        [("best", "all of the CPU"), ("avx512", "without IFMA"), ("adx", "BMI2 and ADX alone"), ("bmi2", "BMI2 alone")];

    /// <summary>The last runs that are written down in a folder.</summary>
    public static IReadOnlyList<BenchResult> Read(string folder) =>
    [
        .. Variants
            .Select(variant => BenchResult.Read(Path.Combine(folder, BenchCommand.SectionName(variant.Cpu) + ".json")))
            .OfType<BenchResult>(),
    ];

    public static string Of(IReadOnlyList<BenchResult> runs)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Marks.Begin}\n## Proving beside native bb: the last runs\n\n");
        text.Append("CPU time of a proof, key given, medians of ours over those of native `bb msgpack` (over `bb prove` as a process).\n\n| circuit | threads |");
        text.AppendJoin("", runs.Select(run => $" {TitleOf(run)} |")).Append("\n|---|--:|");
        text.AppendJoin("", runs.Select(_ => "--:|")).Append('\n');
        foreach ((string circuit, int threads) in runs.SelectMany(Proofs).Select(cell => (cell.Circuit, cell.Threads)).Distinct())
        {
            text.Append(CultureInfo.InvariantCulture, $"| {circuit} | {threads} |");
            text.AppendJoin("", runs.Select(run => $" {Shown(Proofs(run).FirstOrDefault(c => (c.Circuit, c.Threads) == (circuit, threads)))} |")).Append('\n');
        }

        text.Append('\n');
        foreach (BenchResult run in runs)
        {
            AppendVerdict(text, run);
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n{Marks.End}\n").ToString();
    }

    private static void AppendVerdict(StringBuilder text, BenchResult run)
    {
        bool isBest = run.Cpu == "best";
        double aim = isBest && run.Machine.CpuFeatures.Contains("avx512ifma") ? AimWithIfma : Aim;
        text.Append(CultureInfo.InvariantCulture, $"- {TitleOf(run)}, {run.Machine.Date:yyyy-MM-dd}, \"{run.Machine.Cpu}\", library {run.Machine.Versions.GetValueOrDefault("library")}");
        if (run.WorstCpuRatioToNative is { } worst)
        {
            text.Append(CultureInfo.InvariantCulture, $": {worst}{(isBest || run.Cpu == "adx" ? Verdict(worst.Ratio, aim) : "")}");
        }

        double[] whole = [.. Proofs(run).Where(cell => cell.Circuit == ProcessCircuit).Select(ToProcess)];
        if (whole.Length > 0 && isBest)
        {
            text.Append(CultureInfo.InvariantCulture, $"; of `bb prove` as a process at 2^12 at most {whole.Max():F2}{Verdict(whole.Max(), AimOfWholeProcess)}");
        }

        text.Append(".\n");
    }

    private static string Verdict(double ratio, double aim) =>
        string.Create(CultureInfo.InvariantCulture, $", where the aim is {aim:F2}: {(Math.Round(ratio, 2) <= aim ? "met" : "**missed**")}");

    private static string TitleOf(BenchResult run) => Variants.First(variant => variant.Cpu == run.Cpu).Title;

    private static IEnumerable<CellResult> Proofs(BenchResult run) => run.Cells.Where(cell => cell.Operation == Operation.Prove);

    private static double ToProcess(CellResult cell) => cell.Ratio(Contestant.BbProcess, c => c.CpuMs.Median);

    private static string Shown(CellResult? cell) => cell is null
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"**{cell.Ratio(Contestant.BbMsgpack, c => c.CpuMs.Median):F2}** ({ToProcess(cell):F2})");
}
