namespace Init.Wire;

/// <summary>One stage of the boot.</summary>
public sealed record StageHealth
{
    /// <summary>As on the console.</summary>
    public required string Name { get; init; }

    /// <summary>How long it took.</summary>
    public required ulong DurationMs { get; init; }

    /// <summary>How it ended.</summary>
    public required StageOutcome Outcome { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteUInt64(1);
        writer.WriteText(Name);
        writer.WriteUInt64(2);
        writer.WriteUInt64(DurationMs);
        writer.WriteUInt64(3);
        writer.WriteUInt64((ulong)Outcome);
    }

    internal static StageHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("stage");
        reader.ReadKey(ref fields, 1);
        string name = reader.ReadText(WireLimits.MaxNameBytes);
        reader.ReadKey(ref fields, 2);
        ulong durationMs = reader.ReadUInt64();
        reader.ReadKey(ref fields, 3);
        StageOutcome outcome = (StageOutcome)reader.ReadEnum((byte)StageOutcome.Done, (byte)StageOutcome.Failed, "stage outcome");
        fields.ReadEnd();
        return new StageHealth
        {
            Name = name,
            DurationMs = durationMs,
            Outcome = outcome,
        };
    }

    internal static void WriteAll(ref CborWriter writer, IReadOnlyList<StageHealth> stages)
    {
        writer.WriteArrayHeader(stages.Count);
        foreach (StageHealth stage in stages)
        {
            stage.Write(ref writer);
        }
    }

    internal static StageHealth[] ReadAll(ref MessageReader reader)
    {
        StageHealth[] stages = new StageHealth[reader.ReadArrayUpTo(WireLimits.MaxHealthEntries, "stages")];
        for (int i = 0; i < stages.Length; i++)
        {
            stages[i] = Read(ref reader);
        }

        return stages;
    }
}
