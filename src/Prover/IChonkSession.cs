namespace Init.Prover;

/// <summary>One Chonk stack being folded; its state lives in one instance, which a failure ends.</summary>
/// <remarks>
/// Not for concurrent use. The order is Load, Accumulate for each circuit, then Prove once; a call out of order throws
/// InvalidState and changes nothing. A call that fails once its request is on the way to the instance ends the session: every
/// later one gives the same error.
/// </remarks>
public interface IChonkSession : IDisposable
{
    /// <summary>Gives the next circuit.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="key">Its key from <see cref="IProver.ComputeChonkVerificationKey"/>; may be empty for the last circuit alone.</param>
    /// <param name="limits">Deadline and cancellation.</param>
    void Load(Circuit circuit, ReadOnlyMemory<byte> key, CallLimits limits);

    /// <summary>Folds the circuit loaded last, with its witness.</summary>
    /// <param name="witnessGzip">Noir's <c>witness.gz</c>. Read, never copied; the caller clears it.</param>
    /// <param name="limits">Deadline and cancellation.</param>
    void Accumulate(ReadOnlyMemory<byte> witnessGzip, CallLimits limits);

    /// <summary>Proves the stack.</summary>
    ChonkProof Prove(CallLimits limits);
}

/// <summary>A Chonk proof: five transcripts of field elements, 32 bytes each, big-endian.</summary>
public sealed record ChonkProof(
    ReadOnlyMemory<byte> HidingOinkProof,
    ReadOnlyMemory<byte> MergeProof,
    ReadOnlyMemory<byte> EccvmProof,
    ReadOnlyMemory<byte> IpaProof,
    ReadOnlyMemory<byte> JointProof);
