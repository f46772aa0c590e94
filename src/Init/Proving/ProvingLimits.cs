using Init.Prover;

namespace Init.Proving;

/// <summary>How much may be proved at once.</summary>
internal sealed record ProvingLimits
{
    /// <summary>Proofs (and keys) computed at the same time. Each uses all prover threads, so one is fastest for all.</summary>
    public int ProofsAtATime { get; init; } = 1;

    /// <summary>Proofs that may wait; one more is <c>busy</c>.</summary>
    public int ProofQueueLength { get; init; } = 8;

    /// <summary>Verifications at the same time, beside the proofs.</summary>
    public int VerificationsAtATime { get; init; } = 1;

    /// <summary>Verifications that may wait; one more is <c>busy</c>.</summary>
    public int VerificationQueueLength { get; init; } = 32;

    /// <summary>Memory that all work together may take, in bytes, beyond the prover's snapshot.</summary>
    public long MemoryBytes { get; init; } = 4L << 30;

    /// <summary>
    /// Of that, what each proof may have, needed or not: all of it in equal parts, but for what verifications take that run beside them.
    /// </summary>
    public long ProofShareBytes => Math.Max(
        (MemoryBytes - (VerificationsAtATime * MemoryEstimate.ForVerification(MemoryEstimate.UsualVerificationInputBytes))) / ProofsAtATime, MemoryBytes / (ProofsAtATime + VerificationsAtATime));
}
