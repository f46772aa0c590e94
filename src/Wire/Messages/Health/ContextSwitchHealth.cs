namespace Init.Wire;

/// <summary>Context switches of the process.</summary>
public sealed record ContextSwitchHealth
{
    /// <summary>It waited.</summary>
    public required ulong Voluntary { get; init; }

    /// <summary>It was preempted.</summary>
    public required ulong Involuntary { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteUInt64(1);
        writer.WriteUInt64(Voluntary);
        writer.WriteUInt64(2);
        writer.WriteUInt64(Involuntary);
    }

    internal static ContextSwitchHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("context switches");
        reader.ReadKey(ref fields, 1);
        ulong voluntary = reader.ReadUInt64();
        reader.ReadKey(ref fields, 2);
        ulong involuntary = reader.ReadUInt64();
        fields.ReadEnd();
        return new ContextSwitchHealth
        {
            Voluntary = voluntary,
            Involuntary = involuntary,
        };
    }
}
