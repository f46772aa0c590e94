using System.Diagnostics;
using Init.Prover.Bench.Contestants;
using Init.Prover.Bench.Measuring;
using Init.Prover.Bench.Reporting;
using Init.Prover.Crs;

namespace Init.Prover.Bench;

/// <summary>The whole run: setup, rounds, results.</summary>
internal static class Benchmark
{
    private const string WarmUpCircuit = "tiny";

    public static int Run(BenchOptions options)
    {
        long begin = Stopwatch.GetTimestamp();
        WarnWhenBusy();
        Machine machine = Machine.Read();
        string bb = Checkout.DevSrsBb();
        Workload[] workloads = [.. options.Circuits.Select(name => new Workload(Checkout.CircuitFolder(name)))];
        List<Lineup> lineups = [];
        try
        {
            Start(lineups, options, bb, workloads);
            string srsKind = lineups[0].Init.SrsKind;
            Console.Error.WriteLine($"bench: {srsKind}");
            workloads[^1].AcceptKey(lineups[^1].BbProcess.ComputeKey(workloads[^1]).Answer, $"{Contestant.BbProcess}");
            SetupCosts setup = MeasureSetup(options, workloads[^1]);
            FixedCosts fixedCosts = FixedCosts.Measure(lineups[^1], bb);
            CollectGarbage();
            Cell[] cells =
            [
                .. from workload in workloads
                   from lineup in lineups
                   from operation in options.Operations
                   select new Cell(workload, lineup, operation),
            ];
            Race race = new();
            Disturbance.Watch watch = new(() => OwnCpuTime(lineups));
            new Rounds(race, cells, options, begin).Run();
            machine = machine.Ended(watch.Ended());
            TimeSpan elapsed = Stopwatch.GetElapsedTime(begin);
            Write(options, BenchResult.Of(race, cells, machine, options.Cpu, setup, fixedCosts, srsKind, elapsed));
            return 0;
        }
        finally
        {
            lineups.ForEach(lineup => lineup.Dispose());
        }
    }

    private static void WarnWhenBusy()
    {
        if (Disturbance.Now() is { IsIdle: false } busy)
        {
            Console.Error.WriteLine($"bench: warning: the machine is not idle: {busy}");
        }
    }

    private static TimeSpan OwnCpuTime(List<Lineup> lineups) => lineups.Aggregate(
        Libc.CpuTime(Environment.ProcessId) + Libc.UsageOfEndedChildren().Cpu, (sum, lineup) => sum + lineup.CpuTimeOfWarmChildren());

    private static SetupCosts MeasureSetup(BenchOptions options, Workload largest)
    {
        ReferenceString? crs = null;
        double readCrsMs = SetupCosts.Milliseconds(() => crs = Load(options));
        return SetupCosts.Measure(readCrsMs, crs!, options.Threads[^1], options.Without, largest);
    }

    private static void Start(List<Lineup> lineups, BenchOptions options, string bb, Workload[] workloads)
    {
        ReferenceString crs = Load(options);
        Workload warmUp = new(Checkout.CircuitFolder(WarmUpCircuit));
        foreach (int threads in options.Threads)
        {
            lineups.Add(Lineup.Start(threads, options.Without, bb, options.CrsFolder, crs, options.BbJsRounds > 0, warmUp));
        }

        foreach (Workload workload in workloads)
        {
            workload.Size = lineups[^1].Init.Measure(workload);
        }
    }

    // The points are in the provers now; what is left of them here would count as our memory.
    private static void CollectGarbage() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private static ReferenceString Load(BenchOptions options) => CrsFolder.Load(options.CrsFolder, new CrsOptions());

    private static void Write(BenchOptions options, BenchResult result)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(options.JsonPath)!);
        File.WriteAllText(options.JsonPath, result.ToJson());
        File.WriteAllText(Path.ChangeExtension(options.JsonPath, ".svg"), RatioPlot.Of(result));
        string plot = Path.GetRelativePath(Path.GetDirectoryName(options.ReportPath)!, Path.ChangeExtension(options.JsonPath, ".svg"));
        string section = ResultsSection.Of(result, plot);
        ResultsSection.MarksOf(result).Replace(options.ReportPath, section);
        SummarySection.Marks.Replace(options.ReportPath, SummarySection.Of(SummarySection.Read(Path.GetDirectoryName(options.JsonPath)!)));
        Console.Out.WriteLine(section);
        if (result.WorstCpuRatioToNative is { } worst)
        {
            Console.Out.WriteLine(worst);
        }
    }
}
