using Init.Prover.Barretenberg;
using Init.Testing;

namespace Init.Prover.DevSrs.Tests;

/// <summary>What both provers make of one circuit.</summary>
/// <param name="Circuit">The circuit.</param>
/// <param name="Size">Its gates.</param>
/// <param name="Ours">Our proof, with our key.</param>
/// <param name="Theirs">Native bb's proof, with its key.</param>
/// <param name="SnapshotBytes">What is in use of the linear memory before the proof.</param>
/// <param name="InitialMemoryBytes">Linear memory before the proof, the free part included.</param>
/// <param name="PeakMemoryBytes">Linear memory at its end.</param>
public sealed record CircuitRun(
    TestCircuit Circuit, CircuitStatistics Size, Proof Ours, Proof Theirs, long SnapshotBytes, long InitialMemoryBytes, long PeakMemoryBytes)
{
    public static CircuitRun Of(DevSrsProver provers, TestCircuit circuit)
    {
        // A prover of its own: the peak is over all that a prover did.
        using BarretenbergProver prover = provers.Create(new ProverOptions { Threads = 2 });
        CircuitStatistics size = prover.Measure(circuit.Circuit, ProofSettings.Default, CallLimits.None);
        Proof ours = prover.Prove(circuit.Circuit, circuit.Witness, ProveOptions.Default, CallLimits.None);
        Proof theirs = provers.Bb.Prove(Places.Scratch("native-" + Path.GetFileName(circuit.Folder)), circuit, ProofSettings.Default);
        ProverStatistics statistics = prover.Statistics;
        return new CircuitRun(circuit, size, ours, theirs, statistics.SnapshotBytes, statistics.InitialMemoryBytes, statistics.PeakMemoryBytes);
    }
}
