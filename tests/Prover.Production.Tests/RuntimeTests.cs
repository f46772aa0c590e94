using System.Runtime.CompilerServices;
using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Testing;

namespace Init.Prover.Production.Tests;

/// <summary>Living together with .NET's own signal handlers and collector.</summary>
[Collection(CeremonyGroup.Name)]
public sealed class RuntimeTests(CeremonyProver ceremony)
{
    [VectorsFact]
    public void Null_references_are_still_exceptions()
    {
        _ = ceremony.Prover; // the prover's handlers are in place
        for (int i = 0; i < 100; i++)
        {
            Assert.Throws<NullReferenceException>(() => LengthOf(null));
        }
    }

    [VectorsFact]
    public void Collections_during_a_proof_do_no_harm()
    {
        using CancellationTokenSource stop = new();
        Thread collector = new(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                _ = new byte[100_000];
            }
        });
        collector.Start();
        try
        {
            for (int i = 0; i < 3; i++)
            {
                Proof proof = ceremony.Prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, CallLimits.None);
                Assert.Equal(32, proof.PublicInputs.Length);
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    [VectorsFact]
    public void Proofs_run_side_by_side()
    {
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
            ceremony.Prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, CallLimits.None));
    }

    [VectorsFact]
    public void A_prover_and_its_proofs_leave_nothing_behind()
    {
        Run();
        Footprint before = Footprint.Now();
        Run();
        Footprint after = Footprint.Now();
        Assert.Equal(before.Descriptors, after.Descriptors);
        Assert.InRange(after.Threads, 0, before.Threads + 2); // .NET's pool comes and goes
        Assert.InRange(after.ResidentKiB, 0, before.ResidentKiB + (16 << 10));

        void Run()
        {
            for (int i = 0; i < 5; i++)
            {
                using BarretenbergProver prover = BarretenbergProver.Create(
                    new ProverOptions { Threads = 2 }, CrsFolder.Load(Places.CeremonyCrs, new CrsOptions()));
                prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, CallLimits.None);
            }
        }
    }

    [VectorsFact]
    public void Cancellation_and_deadlines_are_typed()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Equal(ProverError.Cancelled, Error(CallLimits.Until(cancelled.Token)));
        Assert.Equal(ProverError.DeadlineExpired, Error(CallLimits.Within(TimeSpan.FromMilliseconds(20))));

        ProverError Error(CallLimits limits) => Assert.Throws<ProverException>(() =>
            ceremony.Prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, limits)).Error;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LengthOf(string? text) => text!.Length;
}
