namespace Init.Wire;

/// <summary>How often requests were answered by an error.</summary>
/// <param name="Code">The error; once in a table.</param>
/// <param name="Count">How often.</param>
public readonly record struct ErrorCount(ErrorCode Code, ulong Count)
{
    internal static void WriteAll(ref CborWriter writer, IReadOnlyList<ErrorCount> counts)
    {
        writer.WriteMapHeader(counts.Count);
        foreach ((ErrorCode code, ulong count) in counts.OrderBy(c => c.Code))
        {
            writer.WriteUInt64((ulong)code);
            writer.WriteUInt64(count);
        }
    }

    internal static ErrorCount[] ReadAll(ref MessageReader reader, string name)
    {
        ErrorCount[] counts = new ErrorCount[reader.ReadMapUpTo(WireLimits.MaxHealthEntries, name)];
        for (int i = 0; i < counts.Length; i++)
        {
            ErrorCode code = (ErrorCode)reader.ReadEnum((byte)ErrorCode.Malformed, (byte)ErrorCode.Replayed, "error code");
            counts[i] = new ErrorCount(code, reader.ReadUInt64());
        }

        return counts;
    }
}
