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

    /// <summary>Bytes that one proof uses.</summary>
    /// <param name="size">From <see cref="IProver.Measure"/>.</param>
    /// <exception cref="ArgumentNullException">No size.</exception>
    public static long ForProof(CircuitStatistics size)
    {
        ArgumentNullException.ThrowIfNull(size);
        return BaseBytes + (size.DyadicGates * BytesPerDyadicGate);
    }
}
