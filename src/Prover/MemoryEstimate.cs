namespace Init.Prover;

/// <summary>How much memory a proof will take, so that what does not fit is refused before it starts.</summary>
/// <remarks>
/// An upper bound on the growth of the instance's linear memory beyond the snapshot, linear in the dyadic
/// circuit size. The constants are measured: tests/Prover.DevSrs.Tests/MemoryEstimateTests checks
/// on every circuit there that the truth is below the estimate and above a third of it.
/// </remarks>
public static class MemoryEstimate
{
    /// <summary>What every proof takes, in bytes.</summary>
    private const long BaseBytes = 16L << 20;

    /// <summary>Polynomials, their commitments' scratch space and the trace, in bytes a dyadic gate.</summary>
    private const long BytesPerDyadicGate = 2048;

    /// <summary>Bytes of one instance while it proves; add <see cref="ProverStatistics.InitialMemoryBytes"/> for the linear memory's size.</summary>
    /// <param name="size">From <see cref="IProver.Measure"/>.</param>
    /// <exception cref="ArgumentNullException">No size.</exception>
    public static long ForProof(CircuitStatistics size)
    {
        ArgumentNullException.ThrowIfNull(size);
        return BaseBytes + (size.DyadicGates * BytesPerDyadicGate);
    }
}
