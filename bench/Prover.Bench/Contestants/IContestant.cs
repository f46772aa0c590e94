using Init.Prover.Bench.Measuring;

namespace Init.Prover.Bench.Contestants;

/// <summary>One implementation with a number of threads. All get the same circuit, witness, key and settings (bb's defaults).</summary>
internal interface IContestant : IDisposable
{
    Contestant Who { get; }

    Measured<ReadOnlyMemory<byte>> ComputeKey(Workload workload);

    /// <summary>Proves with the workload's key, without verifying.</summary>
    Measured<Proof> Prove(Workload workload);

    Measured<bool> Verify(Workload workload, Proof proof);
}
