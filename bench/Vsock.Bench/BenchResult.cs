using System.Globalization;
using System.Text.Json;
using Init.Simulator.Qemu;

namespace Init.Vsock.Bench;

/// <summary>One workload on both back ends, one after the other, in MB/s.</summary>
internal readonly record struct Turn(double Ours, double Theirs)
{
    public double Ratio => Ours / Theirs;
}

/// <summary>All numbers of a run, as bench/results/vsock.json has them. Throughput in MB/s; ratios are ours over theirs, turn by turn.</summary>
internal sealed record BenchResult(Circumstances Circumstances, double WorstRatio, IReadOnlyList<CellResult> Cells)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static BenchResult Of(Circumstances circumstances, IReadOnlyDictionary<Workload, List<Turn>> turns)
    {
        CellResult[] cells = [.. turns.Select(cell => CellResult.Of(cell.Key, cell.Value))];
        return new BenchResult(circumstances, cells.Min(cell => cell.Ratio.Median), cells);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";
}

/// <summary>One workload.</summary>
internal sealed record CellResult(string Workload, int MessageBytes, int Messages, int Runs, Series Ours, Series Theirs, Series Ratio)
{
    public static CellResult Of(Workload workload, IReadOnlyList<Turn> turns) => new(
        workload.Name, workload.MessageBytes, workload.Messages, turns.Count,
        Series.Of(turns.Select(t => t.Ours)), Series.Of(turns.Select(t => t.Theirs)), Series.Of(turns.Select(t => t.Ratio)));
}

/// <summary>Where, when and with what the numbers were made.</summary>
internal sealed record Circumstances
{
    public required DateTimeOffset Date { get; init; }

    /// <summary>The checkout's commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Whether tracked files differ from that commit.</summary>
    public required bool HasUncommittedChanges { get; init; }

    public required string Cpu { get; init; }

    public required int Cpus { get; init; }

    public required string HostKernel { get; init; }

    public required string Qemu { get; init; }

    /// <summary>Processes that wanted to run, averaged over a minute; an idle machine has less than 0.1.</summary>
    public required double LoadAtStart { get; init; }

    public double LoadAtEnd { get; init; }

    public static Circumstances Read() => new()
    {
        LoadAtStart = HostReading.LoadAverage(),
        Date = DateTimeOffset.UtcNow,
        Commit = Checkout.Output("git", "rev-parse", "HEAD"),
        HasUncommittedChanges = Checkout.Output("git", "status", "--porcelain", "--untracked-files=no").Length > 0,
        Cpu = HostReading.CpuInfo("model name"),
        Cpus = Environment.ProcessorCount,
        HostKernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Qemu = Checkout.Output(QemuLocation.Find().Program, "--version").Split('\n')[0],
    };

    public Circumstances Ended() => this with { LoadAtEnd = HostReading.LoadAverage() };
}
