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

    /// <summary>Memory that all work together may be estimated to take, in bytes, beyond the prover's snapshot.</summary>
    public long MemoryBytes { get; init; } = 4L << 30;
}
