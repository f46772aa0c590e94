using Init.Prover;

namespace Init.Proving;

/// <summary>The prover, a bounded number of calls at a time, each admitted only if its memory fits.</summary>
/// <remarks>
/// Two lanes: proofs and keys share one (both build the circuit and commit to it), verifications have their own, so that a
/// verification of milliseconds does not wait behind a proof of a minute. Their threads and what the prover starts from them
/// run at a lower priority than input and output.
/// </remarks>
internal sealed class ProofQueue : IDisposable
{
    // A verification builds no circuit: what every call takes.
    private static readonly CircuitStatistics NoCircuit = new(0, 0, 0);

    private readonly IProver _prover;
    private readonly TimeProvider _time;
    private readonly MemoryBudget _memory;
    private readonly ProverLane _proofs;
    private readonly ProverLane _verifications;

    /// <summary>Starts the lanes' threads.</summary>
    /// <param name="prover">Does the work.</param>
    /// <param name="limits">How much at once.</param>
    /// <param name="time">Measures.</param>
    /// <param name="lowerPriority">Called once on each lane's thread.</param>
    public ProofQueue(IProver prover, ProvingLimits limits, TimeProvider time, Action lowerPriority)
    {
        (_prover, _time, _memory) = (prover, time, new MemoryBudget(limits.MemoryBytes));
        _proofs = new ProverLane("prove", limits.ProofsAtATime, limits.ProofQueueLength, time, lowerPriority);
        _verifications = new ProverLane("verify", limits.VerificationsAtATime, limits.VerificationQueueLength, time, lowerPriority);
    }

    /// <summary>Proofs and keys.</summary>
    public LaneStatistics Proofs => _proofs.Statistics;

    /// <summary>Verifications.</summary>
    public LaneStatistics Verifications => _verifications.Statistics;

    /// <summary>Memory that the calls that run are estimated to take, in bytes.</summary>
    public long ReservedBytes => _memory.ReservedBytes;

    /// <summary>Proves. The key of a stored circuit is computed with its first proof and kept for later ones.</summary>
    /// <param name="circuit">With its size, if it was measured before.</param>
    /// <param name="witness">Read until the task completes; the caller clears it.</param>
    /// <param name="options">Settings, key.</param>
    /// <param name="limits">Deadline and cancellation, waiting included.</param>
    /// <param name="observer">Is told positions and the start.</param>
    /// <exception cref="Server.RequestException">Busy, TooLarge (more memory than there is), ShuttingDown.</exception>
    /// <exception cref="ProverException">The prover's reason.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public Task<TimedProof> ProveAsync(
        MeasuredCircuit circuit, ReadOnlyMemory<byte> witness, ProveOptions options, CallLimits limits, IWorkObserver? observer)
    {
        long queued = _time.GetTimestamp();
        return _proofs.RunAsync(
            () =>
            {
                long started = _time.GetTimestamp();
                using IDisposable memory = Admit(circuit, options.Settings, limits);
                Proof proof = ProveWithKeptKey(circuit, witness, options, limits);
                return new TimedProof(proof, _time.GetElapsedTime(queued, started), _time.GetElapsedTime(started));
            },
            observer,
            limits.Cancellation);
    }

    /// <summary>Computes a verification key.</summary>
    /// <inheritdoc cref="ProveAsync" path="/exception"/>
    public Task<VerificationKey> ComputeKeyAsync(
        MeasuredCircuit circuit, ProofSettings settings, CallLimits limits) =>
        circuit.KnownKey(settings) is { } known ? Task.FromResult(known) : _proofs.RunAsync(
            () =>
            {
                using IDisposable memory = Admit(circuit, settings, limits);
                return KeyOf(circuit, settings, limits);
            },
            observer: null,
            limits.Cancellation);

    /// <summary>Verifies; false when the proof is well formed and wrong.</summary>
    /// <inheritdoc cref="ProveAsync" path="/exception"/>
    public Task<bool> VerifyAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> proof, ReadOnlyMemory<byte> publicInputs, ProofSettings settings, CallLimits limits) =>
        _verifications.RunAsync(
            () =>
            {
                using IDisposable memory = _memory.Reserve(MemoryEstimate.ForProof(NoCircuit), limits.Cancellation);
                return _prover.Verify(key, proof, publicInputs, settings, limits);
            },
            observer: null,
            limits.Cancellation);

    /// <summary>Ends the lanes; what runs is for its own token to end.</summary>
    public void Dispose()
    {
        _proofs.Dispose();
        _verifications.Dispose();
    }

    private Proof ProveWithKeptKey(MeasuredCircuit circuit, ReadOnlyMemory<byte> witness, ProveOptions options, CallLimits limits)
    {
        if (!circuit.IsStored || !options.VerificationKey.IsEmpty)
        {
            return _prover.Prove(circuit.Circuit, witness, options, limits);
        }

        VerificationKey key = KeyOf(circuit, options.Settings, limits);
        Proof proof = _prover.Prove(circuit.Circuit, witness, options with { VerificationKey = key.Bytes }, limits);
        return proof with { Key = key }; // a prover that is given a key does not hash it
    }

    private VerificationKey KeyOf(MeasuredCircuit circuit, ProofSettings settings, CallLimits limits) =>
        circuit.KeyFor(settings, () => _prover.ComputeVerificationKey(circuit.Circuit, settings, limits));

    private IDisposable Admit(MeasuredCircuit circuit, ProofSettings settings, CallLimits limits)
    {
        limits.Cancellation.ThrowIfCancellationRequested();
        CircuitStatistics size = circuit.SizeFor(settings, () => _prover.Measure(circuit.Circuit, settings, limits));
        return _memory.Reserve(MemoryEstimate.ForProof(size), limits.Cancellation);
    }
}
