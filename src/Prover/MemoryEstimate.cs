namespace Init.Prover;

/// <summary>How much memory a proof will take, so that what does not fit is refused before it starts.</summary>
/// <remarks>
/// An upper bound on the linear memory that a proof uses beyond what the snapshot stores, linear in the dyadic circuit size. An
/// instance's memory then ends at the larger of <see cref="ProverStatistics.InitialMemoryBytes"/> and
/// <see cref="ProverStatistics.SnapshotBytes"/> plus this. The constants are measured: a test compares them with 2^12, 2^16 and 2^18 gates.
/// </remarks>
public static class MemoryEstimate
{
    /// <summary>What every proof takes, in bytes.</summary>
    private const long BaseBytes = 16L << 20;

    /// <summary>Polynomials, their commitments' scratch space and the trace, in bytes a dyadic gate.</summary>
    private const long BytesPerDyadicGate = 2048;

    /// <summary>Elements of a proof, of a key and of public inputs are numbers of 32 bytes that become several.</summary>
    private const long BytesPerByteOfVerification = 16;

    /// <summary>Of a key, a proof and public inputs that are not unusually many, with room to spare.</summary>
    public const long UsualVerificationInputBytes = 64 << 10;

    /// <summary>One part of so many of a call's memory is outside of the linear memory: scratch of sums, stacks, what of the snapshot is written to.</summary>
    public const int OutsideShare = 8;

    /// <summary>Bytes that one verification uses.</summary>
    /// <param name="inputBytes">Key, proof and public inputs.</param>
    public static long ForVerification(long inputBytes) => BaseBytes + (inputBytes * BytesPerByteOfVerification);

    /// <summary>Bytes that one proof uses.</summary>
    /// <param name="size">From <see cref="IProver.Measure"/>.</param>
    /// <exception cref="ArgumentNullException">No size.</exception>
    public static long ForProof(CircuitStatistics size)
    {
        ArgumentNullException.ThrowIfNull(size);
        return BaseBytes + (size.DyadicGates * BytesPerDyadicGate);
    }
}
