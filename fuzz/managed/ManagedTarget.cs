namespace Init.Fuzz;

/// <summary>Something that takes hostile bytes, and what must hold whatever they are.</summary>
/// <param name="Name">Its name on the command line and of its corpus' folder.</param>
/// <param name="Take">
/// Takes an input. True: accepted. False: refused with the room's own exception for bad input; any other exception is a finding.
/// </param>
internal sealed record ManagedTarget(string Name, Func<byte[], bool> Take)
{
    private const int AllocationsBytes = 64 * 1024;

    /// <summary>What must hold of what was accepted. Throws what is wrong.</summary>
    public Action<byte[]> CheckAccepted { get; init; } = _ => { };

    /// <summary>The longest input that makes sense.</summary>
    public int MaxBytes { get; init; } = 4096;

    /// <summary>What <see cref="Take"/> may allocate, by the input's length.</summary>
    public Func<int, long> AllocationLimit { get; init; } = bytes => AllocationsBytes + (8L * bytes);

    /// <summary>Inputs to begin with.</summary>
    public Func<IEnumerable<byte[]>> Seeds { get; init; } = () => [];

    /// <summary>Runs one input.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Run(byte[] input)
    {
        try
        {
            (bool isAccepted, long allocatedBytes) = Measure(input);
            long limit = AllocationLimit(input.Length);

            // Measured again if it is much: the first call of anything allocates what the runtime needs.
            if (allocatedBytes > limit && Measure(input).AllocatedBytes is long again && again > limit)
            {
                return $"{Name}: {again} bytes allocated for {input.Length}, the limit is {limit}";
            }

            if (isAccepted)
            {
                CheckAccepted([.. input]);
            }

            return null;
        }
        catch (Exception failure)
        {
            return $"{Name}: {failure}";
        }
    }

    private (bool IsAccepted, long AllocatedBytes) Measure(byte[] input)
    {
        byte[] copy = [.. input];
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isAccepted = Take(copy);
        return (isAccepted, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
