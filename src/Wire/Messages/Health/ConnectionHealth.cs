namespace Init.Wire;

/// <summary>Connections of clients.</summary>
public sealed record ConnectionHealth
{
    /// <summary>Open now.</summary>
    public required ulong Open { get; init; }

    /// <summary>Accepted since the start.</summary>
    public required ulong Accepted { get; init; }

    /// <summary>Closed at once: a cap, or not the parent.</summary>
    public required ulong Refused { get; init; }

    /// <summary>Closed by the server, by reason.</summary>
    public required IReadOnlyList<NamedCount> Evicted { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(4);
        writer.WriteUInt64(1);
        writer.WriteUInt64(Open);
        writer.WriteUInt64(2);
        writer.WriteUInt64(Accepted);
        writer.WriteUInt64(3);
        writer.WriteUInt64(Refused);
        writer.WriteUInt64(4);
        NamedCount.WriteAll(ref writer, Evicted);
    }

    internal static ConnectionHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("connections");
        reader.ReadKey(ref fields, 1);
        ulong open = reader.ReadUInt64();
        reader.ReadKey(ref fields, 2);
        ulong accepted = reader.ReadUInt64();
        reader.ReadKey(ref fields, 3);
        ulong refused = reader.ReadUInt64();
        reader.ReadKey(ref fields, 4);
        IReadOnlyList<NamedCount> evicted = NamedCount.ReadAll(ref reader, "connections evicted");
        fields.ReadEnd();
        return new ConnectionHealth
        {
            Open = open,
            Accepted = accepted,
            Refused = refused,
            Evicted = evicted,
        };
    }
}
