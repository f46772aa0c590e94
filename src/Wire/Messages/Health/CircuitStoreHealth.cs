namespace Init.Wire;

/// <summary>Circuits stored for later requests.</summary>
public sealed record CircuitStoreHealth
{
    /// <summary>Stored now.</summary>
    public required ulong Circuits { get; init; }

    /// <summary>What they take.</summary>
    public required ulong Bytes { get; init; }

    /// <summary>Dropped to make room, least recently used first.</summary>
    public required ulong Evictions { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteUInt64(1);
        writer.WriteUInt64(Circuits);
        writer.WriteUInt64(2);
        writer.WriteUInt64(Bytes);
        writer.WriteUInt64(3);
        writer.WriteUInt64(Evictions);
    }

    internal static CircuitStoreHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("circuits");
        reader.ReadKey(ref fields, 1);
        ulong circuits = reader.ReadUInt64();
        reader.ReadKey(ref fields, 2);
        ulong bytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 3);
        ulong evictions = reader.ReadUInt64();
        fields.ReadEnd();
        return new CircuitStoreHealth
        {
            Circuits = circuits,
            Bytes = bytes,
            Evictions = evictions,
        };
    }
}
