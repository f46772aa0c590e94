using System.Diagnostics;
using Init.Prover.Barretenberg;

namespace Init.Prover.DevSrs.Tests;

/// <summary>
/// One prover's life, made once for all tests because a Chonk proof takes its time: a session whose deadline expires in the
/// middle of proving, then one that proves.
/// </summary>
public sealed class ChonkRun
{
    public ChonkRun(DevSrsProver provers)
    {
        using BarretenbergProver prover = provers.Create(new ProverOptions { Threads = 2 });
        using (IChonkSession session = Accumulated(prover, hidingKey: ReadOnlyMemory<byte>.Empty))
        {
            HidingKernelNeedsNoKey = true; // or this would have thrown
            Stopwatch watch = Stopwatch.StartNew();
            Expired = Record(() => session.Prove(CallLimits.Within(Deadline)));
            ExpiredAfter = watch.Elapsed;
            AfterExpired = [Record(() => session.Prove(CallLimits.None)), Record(() => Load(session, ChonkCircuit.Stack[0]))];
        }

        Stopwatch accumulating = Stopwatch.StartNew();
        using IChonkSession second = Accumulated(prover, ChonkCircuit.Hiding.Key);
        AccumulateTime = accumulating.Elapsed;
        AfterLastCircuit = [Record(() => Load(second, ChonkCircuit.Stack[0])), Record(() => Accumulate(second, ChonkCircuit.Hiding))];
        Stopwatch proving = Stopwatch.StartNew();
        Proof = second.Prove(CallLimits.None);
        ProveTime = proving.Elapsed;
        AfterProof = Record(() => second.Prove(CallLimits.None));
        Statistics = prover.Statistics;
    }

    /// <summary>Well inside proving, which takes more than ten times as long.</summary>
    public static TimeSpan Deadline => TimeSpan.FromSeconds(1);

    public bool HidingKernelNeedsNoKey { get; }

    public ProverError? Expired { get; }

    public TimeSpan ExpiredAfter { get; }

    public ProverError?[] AfterExpired { get; }

    public ProverError?[] AfterLastCircuit { get; }

    public ProverError? AfterProof { get; }

    public ChonkProof Proof { get; }

    public TimeSpan AccumulateTime { get; }

    public TimeSpan ProveTime { get; }

    public ProverStatistics Statistics { get; }

    public static void Load(IChonkSession session, ChonkCircuit circuit) => session.Load(circuit.Circuit, circuit.Key, CallLimits.None);

    public static void Accumulate(IChonkSession session, ChonkCircuit circuit) => session.Accumulate(circuit.Witness, CallLimits.None);

    /// <summary>The reason that an action fails for; null when it does not.</summary>
    public static ProverError? Record(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (ProverException e)
        {
            return e.Error;
        }
    }

    private static IChonkSession Accumulated(BarretenbergProver prover, ReadOnlyMemory<byte> hidingKey)
    {
        IChonkSession session = prover.StartChonk(ChonkCircuit.Stack.Length, CallLimits.None);
        foreach (ChonkCircuit circuit in ChonkCircuit.Stack)
        {
            session.Load(circuit.Circuit, circuit == ChonkCircuit.Hiding ? hidingKey : circuit.Key, CallLimits.None);
            Accumulate(session, circuit);
        }

        return session;
    }
}
