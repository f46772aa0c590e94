namespace Init.Wire;

/// <summary>Requests.</summary>
public sealed record RequestHealth
{
    /// <summary>Not answered yet.</summary>
    public required ulong InFlight { get; init; }

    /// <summary>Answered by a reply.</summary>
    public required ulong Done { get; init; }

    /// <summary>Answered by an error, by code.</summary>
    public required IReadOnlyList<ErrorCount> Errors { get; init; }

    /// <summary>Bytes of messages held now.</summary>
    public required ulong BytesInFlight { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(4);
        writer.WriteUInt64(1);
        writer.WriteUInt64(InFlight);
        writer.WriteUInt64(2);
        writer.WriteUInt64(Done);
        writer.WriteUInt64(3);
        ErrorCount.WriteAll(ref writer, Errors);
        writer.WriteUInt64(4);
        writer.WriteUInt64(BytesInFlight);
    }

    internal static RequestHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("requests");
        reader.ReadKey(ref fields, 1);
        ulong inFlight = reader.ReadUInt64();
        reader.ReadKey(ref fields, 2);
        ulong done = reader.ReadUInt64();
        reader.ReadKey(ref fields, 3);
        IReadOnlyList<ErrorCount> errors = ErrorCount.ReadAll(ref reader, "requests errors");
        reader.ReadKey(ref fields, 4);
        ulong bytesInFlight = reader.ReadUInt64();
        fields.ReadEnd();
        return new RequestHealth
        {
            InFlight = inFlight,
            Done = done,
            Errors = errors,
            BytesInFlight = bytesInFlight,
        };
    }
}
