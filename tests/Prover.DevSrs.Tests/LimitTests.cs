using System.Diagnostics;
using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Testing;
using Init.Testing.Campaign;
using Xunit.Abstractions;

namespace Init.Prover.DevSrs.Tests;

/// <summary>Deadlines, memory, stacks and threads, with the real module doing real work.</summary>
[Collection(DevSrsGroup.Name)]
public sealed class LimitTests(DevSrsProver provers, ITestOutputHelper output)
{
    [FailureMode(35, "The prover traps")]
    [VectorsFact]
    public void A_deadline_of_100_ms_on_large_returns_within_300_ms()
    {
        TestCircuit large = TestCircuit.Named("large");
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            ProverException expired = Assert.Throws<ProverException>(() => provers.Prover.Prove(
                large.Circuit, large.Witness, ProveOptions.Default, CallLimits.Within(TimeSpan.FromMilliseconds(100))));
            double took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            output.WriteLine($"{took:F0} ms");
            Assert.Equal(ProverError.DeadlineExpired, expired.Error);
            Assert.InRange(took, 99, 300);
        }

        Proves(provers.Prover, "small");
    }

    [VectorsFact]
    public void A_deadline_late_in_a_proof_returns_soon_too()
    {
        TestCircuit large = TestCircuit.Named("large");
        long start = Stopwatch.GetTimestamp();
        provers.Prover.Prove(large.Circuit, large.Witness, ProveOptions.Default, CallLimits.None);
        TimeSpan deadline = Stopwatch.GetElapsedTime(start) * 0.6; // processors differ by a factor of two

        start = Stopwatch.GetTimestamp();
        Assert.Throws<ProverException>(() => provers.Prover.Prove(
            large.Circuit, large.Witness, ProveOptions.Default, CallLimits.Within(deadline)));
        double late = (Stopwatch.GetElapsedTime(start) - deadline).TotalMilliseconds;
        output.WriteLine($"{late:F0} ms late, {provers.Prover.Statistics.PeakMemoryBytes >> 20} MiB dropped");
        Assert.InRange(late, -1, 300);
        Proves(provers.Prover, "small");
    }

    [VectorsFact]
    public void Cancelling_ends_a_proof_within_300_ms()
    {
        TestCircuit large = TestCircuit.Named("large");
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(200));
        long start = Stopwatch.GetTimestamp();
        ProverException cancelled = Assert.Throws<ProverException>(
            () => provers.Prover.Prove(large.Circuit, large.Witness, ProveOptions.Default, CallLimits.Until(source.Token)));
        Assert.Equal(ProverError.Cancelled, cancelled.Error);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 199, 500);
        Proves(provers.Prover, "small");
    }

    [FailureMode(35, "The prover traps")]
    [VectorsFact]
    public void Memory_beyond_the_limit_is_typed_and_given_back()
    {
        using BarretenbergProver prover = provers.Create(new ProverOptions { Threads = 2, MemoryLimitBytes = 96L << 20 });
        Proves(prover, "small");
        Footprint before = Footprint.Now();
        TestCircuit large = TestCircuit.Named("large");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(ProverError.MemoryLimit, Fails(prover, large));
        }

        Assert.InRange(Footprint.Now().ResidentKiB, 0, before.ResidentKiB + (16 << 10));
        Proves(prover, "small");
    }

    [VectorsFact]
    public void Deep_nesting_is_typed()
    {
        // A circuit that is nothing but four million open MessagePack arrays.
        byte[] nested = [3, .. Enumerable.Repeat((byte)0x91, 4 << 20)];
        ProverException refused = Assert.Throws<ProverException>(() => provers.Prover.ComputeVerificationKey(
            new Circuit(GzipBytes.Compress(nested)), ProofSettings.Default, CallLimits.None));
        output.WriteLine(refused.Message);
        Assert.Contains(refused.Error, new[] { ProverError.StackExhausted, ProverError.MemoryFault, ProverError.Trapped, ProverError.Aborted });
        Proves(provers.Prover, "small");
    }

    [VectorsTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_configured_threads_are_used_and_ended(int threads)
    {
        using BarretenbergProver prover = provers.Create(new ProverOptions { Threads = threads });
        int before = Directory.GetDirectories("/proc/self/task").Length;
        int mostTasks = 0;
        long mostBetweenCalls = 0;
        using CancellationTokenSource stop = new();
        Thread watcher = new(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                mostTasks = Math.Max(mostTasks, Directory.GetDirectories("/proc/self/task").Length);
                mostBetweenCalls = Math.Max(mostBetweenCalls, prover.Statistics.ThreadsLive);
                Thread.Yield();
            }
        });
        watcher.Start();
        Proves(prover, "small");
        stop.Cancel();
        watcher.Join();
        Assert.InRange(mostTasks - before - 1, threads, int.MaxValue); // the watcher is one more; .NET's own come and go
        Assert.Equal(threads - 1, mostBetweenCalls); // the pool's, which the statistics count when a call ends
        Assert.Equal(0, prover.Statistics.ThreadsLive);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_prover_starts_without_grumpkins_points(int threads)
    {
        // What the CRS leaves in freed memory differs then, and so does the snapshot's shape.
        string folder = Places.Scratch(nameof(LimitTests));
        foreach (string name in (string[])[CrsFolder.G1FileName, CrsFolder.G2FileName])
        {
            File.Copy(Path.Combine(Places.DevSrs, name), Path.Combine(folder, name));
        }

        using BarretenbergProver prover = BarretenbergProver.Create(
            new ProverOptions { Threads = threads }, CrsFolder.Load(folder, new CrsOptions()));
        output.WriteLine($"snapshot {prover.Statistics.SnapshotBytes >> 20} of {prover.Statistics.InitialMemoryBytes >> 20} MiB");
        Assert.InRange(prover.Statistics.SnapshotBytes, 0, 2 * new FileInfo(Path.Combine(folder, CrsFolder.G1FileName)).Length);
    }

    [VectorsFact]
    public void A_fresh_instance_is_cheap()
    {
        Proves(provers.Prover, "small");
        output.WriteLine($"opened in {provers.Prover.Statistics.LastOpen.TotalMilliseconds:F3} ms; snapshot {provers.Prover.Statistics.SnapshotBytes >> 20} of {provers.Prover.Statistics.InitialMemoryBytes >> 20} MiB");
        Assert.InRange(provers.Prover.Statistics.LastOpen.TotalMilliseconds, 0, 5);
    }

    private static void Proves(BarretenbergProver prover, string name)
    {
        TestCircuit circuit = TestCircuit.Named(name);
        Proof proof = prover.Prove(circuit.Circuit, circuit.Witness, ProveOptions.Default, CallLimits.None);
        Assert.NotEqual(0, proof.Bytes.Length);
    }

    private static ProverError Fails(BarretenbergProver prover, TestCircuit circuit) => Assert.Throws<ProverException>(
        () => prover.Prove(circuit.Circuit, circuit.Witness, ProveOptions.Default, CallLimits.None)).Error;
}
