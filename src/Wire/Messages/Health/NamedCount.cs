namespace Init.Wire;

/// <summary>A row of a table of counts.</summary>
/// <param name="Name">What was counted; at most 128 bytes, once in a table.</param>
/// <param name="Count">How often.</param>
public readonly record struct NamedCount(string Name, ulong Count)
{
    // RFC 8949 section 4.2.1 orders encoded keys: the length stands first in them.
    internal static void WriteAll(ref CborWriter writer, IReadOnlyList<NamedCount> counts)
    {
        writer.WriteMapHeader(counts.Count);
        foreach ((string name, ulong count) in counts
            .OrderBy(c => Utf8Text.CountBytes(c.Name)).ThenBy(c => c.Name, Utf8Text.Order))
        {
            writer.WriteText(name);
            writer.WriteUInt64(count);
        }
    }

    internal static NamedCount[] ReadAll(ref MessageReader reader, string name)
    {
        NamedCount[] counts = new NamedCount[reader.ReadMapUpTo(WireLimits.MaxHealthEntries, name)];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = new NamedCount(reader.ReadText(WireLimits.MaxNameBytes), reader.ReadUInt64());
        }

        return counts;
    }
}
