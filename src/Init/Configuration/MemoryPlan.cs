namespace Init.Configuration;

/// <summary>What the memory that is there when the enclave serves is for. docs/server.md has the same as a table.</summary>
/// <remarks>
/// PID 1 is the one process that a kernel without memory cannot end: it panics. So all that clients can make the enclave hold is counted, and
/// what may be held never adds up to more than there is.
/// </remarks>
internal readonly record struct MemoryPlan
{
    // In an enclave that has next to nothing, small messages are answered all the same.
    private const long LeastBytes = 2 << 20;
    private const long LeastSpareBytes = 16 << 20;

    /// <summary>For the kernel's sockets, page tables, managed objects and what else is not counted.</summary>
    public required long SpareBytes { get; init; }

    /// <summary>For messages.</summary>
    public required long MessageBytes { get; init; }

    /// <summary>For stored circuits, each of which can be there twice: those that went out last are not yet collected.</summary>
    public required long CircuitBytes { get; init; }

    /// <summary>For the prover.</summary>
    public required long ProvingBytes { get; init; }

    /// <summary>Divides the memory. What is set is an upper bound.</summary>
    /// <param name="settings">Upper bounds.</param>
    /// <param name="availableBytes">MemAvailable, when boot has everything that it needs.</param>
    public static MemoryPlan For(EnclaveSettings settings, long availableBytes)
    {
        long spare = LeastSpareBytes + (availableBytes / 8);
        long rest = Math.Max(availableBytes - spare, 0);
        long messages = Math.Min(settings.BytesInFlight, Math.Max(rest / 4, LeastBytes));
        long circuits = Math.Min(settings.CircuitBytes, Math.Max(rest / 8, LeastBytes));
        long proving = Math.Max(rest - messages - (2 * circuits), LeastBytes);
        return new MemoryPlan
        {
            SpareBytes = spare,
            MessageBytes = messages,
            CircuitBytes = circuits,
            ProvingBytes = settings.ProveMemoryBytes > 0 ? Math.Min(settings.ProveMemoryBytes, proving) : proving,
        };
    }
}
