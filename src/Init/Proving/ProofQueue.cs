using Init.Prover;

namespace Init.Proving;

/// <summary>The prover, a bounded number of calls at a time, each admitted only if its memory fits.</summary>
/// <remarks>
/// Two lanes: proofs and keys share one (both build the circuit and commit to it), verifications have their own, so that a
/// verification of milliseconds does not wait behind a proof of a minute. Their threads and what the prover starts from them
/// run at a lower priority than input and output. What runs has reserved its memory, and the sandbox gives it no more than that.
/// </remarks>
internal sealed class ProofQueue : IDisposable
{
    private readonly IProver _prover;
    private readonly TimeProvider _time;
    private readonly MemoryBudget _memory;
    private readonly long _shareBytes;
    private readonly ProverLane _proofs;
    private readonly ProverLane _verifications;

    /// <summary>Starts the lanes' threads.</summary>
    /// <param name="prover">Does the work.</param>
    /// <param name="limits">How much at once.</param>
    /// <param name="time">Measures.</param>
    /// <param name="lowerPriority">Called once on each lane's thread.</param>
    public ProofQueue(IProver prover, ProvingLimits limits, TimeProvider time, Action lowerPriority)
    {
        (_prover, _time, _memory, _shareBytes) = (prover, time, new MemoryBudget(limits.MemoryBytes), limits.ProofShareBytes);
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
                Proof proof = WithMemoryFor(circuit, options.Settings, limits, within => ProveWithKeptKey(circuit, witness, options, within));
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
            () => WithMemoryFor(circuit, settings, limits, within => KeyOf(circuit, settings, within)),
            observer: null,
            limits.Cancellation);

    /// <summary>Verifies; false when the proof is well formed and wrong.</summary>
    /// <inheritdoc cref="ProveAsync" path="/exception"/>
    public Task<bool> VerifyAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> proof, ReadOnlyMemory<byte> publicInputs, ProofSettings settings, CallLimits limits) =>
        _verifications.RunAsync(
            () => WithMemory(
                MemoryEstimate.ForVerification(key.Length + proof.Length + (long)publicInputs.Length),
                limits,
                within => _prover.Verify(key, proof, publicInputs, settings, within)),
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

    // How large a circuit is, nobody knows before the sandbox has built it, in a share of the memory.
    private T WithMemoryFor<T>(MeasuredCircuit circuit, ProofSettings settings, CallLimits limits, Func<CallLimits, T> work)
    {
        CircuitStatistics size = circuit.SizeFor(
            settings, () => WithMemory(_shareBytes, limits, within => _prover.Measure(circuit.Circuit, settings, within)));
        return WithMemory(Math.Max(MemoryEstimate.ForProof(size), _shareBytes), limits, work);
    }

    private T WithMemory<T>(long bytes, CallLimits limits, Func<CallLimits, T> work)
    {
        limits.Cancellation.ThrowIfCancellationRequested();
        using IDisposable memory = _memory.Reserve(bytes, limits.Cancellation);
        return work(limits.InMemory(bytes - (bytes / MemoryEstimate.OutsideShare)));
    }
}
