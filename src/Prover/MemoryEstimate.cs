namespace Init.Prover;

/// <summary>How much memory a proof will take, so that what does not fit is refused before it starts.</summary>
/// <remarks>
/// An upper bound on the growth of the instance's linear memory beyond the snapshot, linear in the dyadic circuit size and in
/// the sizes of the request. The constants are measured: tests/Prover.DevSrs.Tests/MemoryEstimateTests checks
/// on every circuit there that the truth is below the estimate and above a third of it.
/// </remarks>
public static class MemoryEstimate
{
    /// <summary>What every proof takes, in bytes.</summary>
    private const long BaseBytes = 16L << 20;

    /// <summary>Polynomials, their commitments' scratch space and the trace, in bytes a dyadic gate.</summary>
    private const long BytesPerDyadicGate = 2048;

    /// <summary>The request, its unpacked copy and the structures made from it, as a multiple of the request.</summary>
    private const long RequestFactor = 6;

    /// <summary>Bytes of one instance while it proves; add <see cref="ProverStatistics.InitialMemoryBytes"/> for the linear memory's size.</summary>
    /// <param name="size">From <see cref="IProver.Measure"/>.</param>
    /// <param name="bytecodeBytes">Unpacked length of the bytecode.</param>
    /// <param name="witnessBytes">Unpacked length of the witness.</param>
    public static long ForProof(CircuitStatistics size, long bytecodeBytes, long witnessBytes)
    {
        ArgumentNullException.ThrowIfNull(size);
        return BaseBytes + (size.DyadicGates * BytesPerDyadicGate) + ((bytecodeBytes + witnessBytes) * RequestFactor);
    }
}
