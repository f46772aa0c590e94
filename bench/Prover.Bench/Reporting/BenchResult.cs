using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Init.Prover.Bench.Contestants;
using Init.Prover.Bench.Measuring;

namespace Init.Prover.Bench.Reporting;

/// <summary>All numbers of a run, as bench/results/prover.json has them. Times in milliseconds, memory in MiB.</summary>
internal sealed record BenchResult
{
    /// <summary>The aims are for circuits from here on: what a smaller one takes are the fixed costs of a proof.</summary>
    public const long LeastGates = 1 << 12;

    public required string Warning { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>What Init was allowed of the CPU: --cpu.</summary>
    public required string Cpu { get; init; }

    public required double ElapsedSeconds { get; init; }

    public required IReadOnlyList<CellResult> Cells { get; init; }

    public required SetupCosts Setup { get; init; }

    public required FixedCosts FixedCosts { get; init; }

    /// <summary>Of proving at least <see cref="LeastGates"/>; null when nothing such was proved.</summary>
    public required WorstRatio? WorstCpuRatioToNative { get; init; }

    public static BenchResult Of(
        Race race, IReadOnlyList<Cell> cells, Machine machine, string cpu, SetupCosts setup, FixedCosts fixedCosts, string srsKind, TimeSpan elapsed)
    {
        CellResult[] results = [.. cells.Select(cell => CellResult.Of(race, cell))];
        return new BenchResult
        {
            Warning = $"{srsKind}: anyone can forge these proofs; for measuring only",
            Machine = machine,
            Cpu = cpu,
            ElapsedSeconds = Math.Round(elapsed.TotalSeconds, 1),
            Cells = results,
            Setup = setup,
            FixedCosts = fixedCosts,
            WorstCpuRatioToNative = results
                .Where(cell => cell.Operation == Operation.Prove && cell.DyadicGates >= LeastGates)
                .Select(cell => new WorstRatio(cell.Ratio(Contestant.BbMsgpack, s => s.CpuMs.Median), cell.Circuit, cell.Threads))
                .MaxBy(worst => worst.Ratio),
        };
    }

    /// <summary>Null when there is no such file.</summary>
    public static BenchResult? Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), BenchResultJson.Default.BenchResult) : null;

    public string ToJson() => JsonSerializer.Serialize(this, BenchResultJson.Default.BenchResult) + "\n";
}

/// <summary>One operation on one circuit with one number of threads.</summary>
internal sealed record CellResult
{
    public required Operation Operation { get; init; }

    public required string Circuit { get; init; }

    public required long Gates { get; init; }

    public required long DyadicGates { get; init; }

    public required int Threads { get; init; }

    public required IReadOnlyDictionary<Contestant, ContestantResult> Contestants { get; init; }

    /// <summary>Our median CPU time over each contestant's.</summary>
    public IReadOnlyDictionary<Contestant, double> CpuRatioTo => RatiosTo(result => result.CpuMs.Median);

    /// <summary>Our median wall time over each contestant's.</summary>
    public IReadOnlyDictionary<Contestant, double> WallRatioTo => RatiosTo(result => result.WallMs.Median);

    public static CellResult Of(Race race, Cell cell) => new()
    {
        Operation = cell.Operation,
        Circuit = cell.Workload.Name,
        Gates = cell.Workload.Size!.Gates,
        DyadicGates = cell.Workload.Size.DyadicGates,
        Threads = cell.Lineup.Threads,
        Contestants = cell.Lineup.All
            .Where(c => race.Samples(cell, c.Who).Count > 0)
            .ToDictionary(c => c.Who, c => ContestantResult.Of(race.Samples(cell, c.Who))),
    };

    /// <summary>Ours over another's.</summary>
    public double Ratio(Contestant to, Func<ContestantResult, double> of) =>
        Math.Round(of(Contestants[Contestant.Init]) / of(Contestants[to]), 3);

    private Dictionary<Contestant, double> RatiosTo(Func<ContestantResult, double> of) =>
        Contestants.Keys.Where(who => who != Contestant.Init).ToDictionary(who => who, who => Ratio(who, of));
}

/// <summary>What a contestant took in a cell.</summary>
/// <param name="Runs">Measured calls.</param>
/// <param name="CpuMs">User and system time of all its threads.</param>
/// <param name="WallMs">As the caller waits.</param>
/// <param name="PeakMiB">The lowest peak of the runs: a warm process keeps what a larger proof before has left.</param>
internal sealed record ContestantResult(int Runs, Series CpuMs, Series WallMs, double PeakMiB)
{
    public static ContestantResult Of(IReadOnlyList<Sample> samples) => new(
        samples.Count,
        Series.Of(samples.Select(s => s.Cpu.TotalMilliseconds)),
        Series.Of(samples.Select(s => s.Wall.TotalMilliseconds)),
        Math.Round(samples.Min(s => s.PeakBytes) / 1048576.0, 1));
}

/// <summary>The proof at which we compare worst with native bb.</summary>
internal sealed record WorstRatio(double Ratio, string Circuit, int Threads)
{
    /// <summary>The run's last line, which scripts read.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"worst CPU ratio to native: {Ratio:F2} ({Circuit}, {Threads} {(Threads == 1 ? "thread" : "threads")})");
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BenchResult))]
internal sealed partial class BenchResultJson : JsonSerializerContext;
