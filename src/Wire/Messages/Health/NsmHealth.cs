namespace Init.Wire;

/// <summary>The Nitro Security Module.</summary>
public sealed record NsmHealth
{
    /// <summary>Calls that were made.</summary>
    public required ulong Calls { get; init; }

    /// <summary>Failed calls by kind.</summary>
    public required IReadOnlyList<NamedCount> Errors { get; init; }

    /// <summary>Whether the device is given up.</summary>
    public required bool IsLost { get; init; }

    /// <summary>Calls that wait or run.</summary>
    public required ulong Queued { get; init; }

    /// <summary>What the last call took, in microseconds.</summary>
    public required ulong LastLatencyUs { get; init; }

    /// <summary>How often the device was opened; 1.</summary>
    public required ulong Opens { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(6);
        writer.WriteUInt64(1);
        writer.WriteUInt64(Calls);
        writer.WriteUInt64(2);
        NamedCount.WriteAll(ref writer, Errors);
        writer.WriteUInt64(3);
        writer.WriteBoolean(IsLost);
        writer.WriteUInt64(4);
        writer.WriteUInt64(Queued);
        writer.WriteUInt64(5);
        writer.WriteUInt64(LastLatencyUs);
        writer.WriteUInt64(6);
        writer.WriteUInt64(Opens);
    }

    internal static NsmHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("nsm");
        reader.ReadKey(ref fields, 1);
        ulong calls = reader.ReadUInt64();
        reader.ReadKey(ref fields, 2);
        IReadOnlyList<NamedCount> errors = NamedCount.ReadAll(ref reader, "nsm errors");
        reader.ReadKey(ref fields, 3);
        bool isLost = reader.ReadBoolean();
        reader.ReadKey(ref fields, 4);
        ulong queued = reader.ReadUInt64();
        reader.ReadKey(ref fields, 5);
        ulong lastLatencyUs = reader.ReadUInt64();
        reader.ReadKey(ref fields, 6);
        ulong opens = reader.ReadUInt64();
        fields.ReadEnd();
        return new NsmHealth
        {
            Calls = calls,
            Errors = errors,
            IsLost = isLost,
            Queued = queued,
            LastLatencyUs = lastLatencyUs,
            Opens = opens,
        };
    }
}
