namespace Init.Wire;

/// <summary>Memory.</summary>
public sealed record MemoryHealth
{
    /// <summary>Resident set of the process.</summary>
    public required ulong RssBytes { get; init; }

    /// <summary>Heap of the runtime.</summary>
    public required ulong ManagedHeapBytes { get; init; }

    /// <summary>All memory of the enclave.</summary>
    public required ulong LimitBytes { get; init; }

    /// <summary>What the kernel says is available.</summary>
    public required ulong AvailableBytes { get; init; }

    /// <summary>What messages may hold of it.</summary>
    public required ulong MessageBytes { get; init; }

    /// <summary>What stored circuits may hold of it.</summary>
    public required ulong CircuitBytes { get; init; }

    /// <summary>What the prover's work may hold of it.</summary>
    public required ulong ProvingBytes { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(7);
        writer.WriteUInt64(1);
        writer.WriteUInt64(RssBytes);
        writer.WriteUInt64(2);
        writer.WriteUInt64(ManagedHeapBytes);
        writer.WriteUInt64(3);
        writer.WriteUInt64(LimitBytes);
        writer.WriteUInt64(4);
        writer.WriteUInt64(AvailableBytes);
        writer.WriteUInt64(5);
        writer.WriteUInt64(MessageBytes);
        writer.WriteUInt64(6);
        writer.WriteUInt64(CircuitBytes);
        writer.WriteUInt64(7);
        writer.WriteUInt64(ProvingBytes);
    }

    internal static MemoryHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("memory");
        reader.ReadKey(ref fields, 1);
        ulong rssBytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 2);
        ulong managedHeapBytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 3);
        ulong limitBytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 4);
        ulong availableBytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 5);
        ulong messageBytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 6);
        ulong circuitBytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 7);
        ulong provingBytes = reader.ReadUInt64();
        fields.ReadEnd();
        return new MemoryHealth
        {
            RssBytes = rssBytes,
            ManagedHeapBytes = managedHeapBytes,
            LimitBytes = limitBytes,
            AvailableBytes = availableBytes,
            MessageBytes = messageBytes,
            CircuitBytes = circuitBytes,
            ProvingBytes = provingBytes,
        };
    }
}
