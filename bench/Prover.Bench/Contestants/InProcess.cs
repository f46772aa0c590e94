using Init.Prover.Barretenberg;
using Init.Prover.Bench.Measuring;
using Init.Prover.Crs;

namespace Init.Prover.Bench.Contestants;

/// <summary>Ours: one prover, and as in production a fresh instance for each request, opened and closed inside the measured call.</summary>
/// <remarks>
/// Measured from the gzipped input to the parsed reply. Its memory is that of the whole benchmark process, runtime and the
/// other thread counts' provers included.
/// </remarks>
internal sealed class InProcess(BarretenbergProver prover) : IContestant
{
    private static readonly TimeSpan CallDeadline = TimeSpan.FromMinutes(10);
    private readonly ProcessMeter _meter = new(Environment.ProcessId);

    public static InProcess Start(int threads, CpuFeatures without, ReferenceString crs) =>
        new(BarretenbergProver.Create(new ProverOptions { Threads = threads, Without = without }, crs));

    public Contestant Who => Contestant.Init;

    public string SrsKind => prover.Statistics.SrsKind;

    public CircuitStatistics Measure(Workload workload) =>
        prover.Measure(workload.NewCircuit(), ProofSettings.Default, CallLimits.Within(CallDeadline));

    public Measured<ReadOnlyMemory<byte>> ComputeKey(Workload workload) => _meter.Measure(() =>
        prover.ComputeVerificationKey(workload.NewCircuit(), ProofSettings.Default, CallLimits.Within(CallDeadline)).Bytes);

    public Measured<Proof> Prove(Workload workload)
    {
        ProveOptions options = new() { VerificationKey = workload.Key, SkipVerification = true };
        return _meter.Measure(() => prover.Prove(workload.NewCircuit(), workload.WitnessGzip, options, CallLimits.Within(CallDeadline)));
    }

    public Measured<bool> Verify(Workload workload, Proof proof) => _meter.Measure(() =>
        prover.Verify(workload.Key, proof.Bytes, proof.PublicInputs, ProofSettings.Default, CallLimits.Within(CallDeadline)));

    public void Dispose() => prover.Dispose();
}
