namespace Init.Wire;

/// <summary>The clock and what disciplines it.</summary>
public sealed record ClockHealth
{
    /// <summary><c>nsm</c> or <c>ptp</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Of the clock from its source at the last sync, in microseconds.</summary>
    public required long OffsetUs { get; init; }

    /// <summary>Frequency correction in parts per billion.</summary>
    public required long DriftPpb { get; init; }

    /// <summary>How long ago the last sync was; null when there was none.</summary>
    public required ulong? LastSyncAgeMs { get; init; }

    /// <summary>Samples that were taken.</summary>
    public required ulong Syncs { get; init; }

    /// <summary>How often the clock was stepped.</summary>
    public required ulong Steps { get; init; }

    /// <summary>Samples whose round trip was too long.</summary>
    public required ulong RejectedSamples { get; init; }

    /// <summary>The kernel's <c>current_clocksource</c>.</summary>
    public required string Clocksource { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(LastSyncAgeMs is null ? 7 : 8);
        writer.WriteUInt64(1);
        writer.WriteText(Source);
        writer.WriteUInt64(2);
        writer.WriteInt64(OffsetUs);
        writer.WriteUInt64(3);
        writer.WriteInt64(DriftPpb);
        if (LastSyncAgeMs is ulong lastSyncAgeMs)
        {
            writer.WriteUInt64(4);
            writer.WriteUInt64(lastSyncAgeMs);
        }

        writer.WriteUInt64(5);
        writer.WriteUInt64(Syncs);
        writer.WriteUInt64(6);
        writer.WriteUInt64(Steps);
        writer.WriteUInt64(7);
        writer.WriteUInt64(RejectedSamples);
        writer.WriteUInt64(8);
        writer.WriteText(Clocksource);
    }

    internal static ClockHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("clock");
        reader.ReadKey(ref fields, 1);
        string source = reader.ReadText(WireLimits.MaxNameBytes);
        reader.ReadKey(ref fields, 2);
        long offsetUs = reader.ReadInt64();
        reader.ReadKey(ref fields, 3);
        long driftPpb = reader.ReadInt64();
        ulong? lastSyncAgeMs = reader.TryReadKey(ref fields, 4) ? reader.ReadUInt64() : null;
        reader.ReadKey(ref fields, 5);
        ulong syncs = reader.ReadUInt64();
        reader.ReadKey(ref fields, 6);
        ulong steps = reader.ReadUInt64();
        reader.ReadKey(ref fields, 7);
        ulong rejectedSamples = reader.ReadUInt64();
        reader.ReadKey(ref fields, 8);
        string clocksource = reader.ReadText(WireLimits.MaxNameBytes);
        fields.ReadEnd();
        return new ClockHealth
        {
            Source = source,
            OffsetUs = offsetUs,
            DriftPpb = driftPpb,
            LastSyncAgeMs = lastSyncAgeMs,
            Syncs = syncs,
            Steps = steps,
            RejectedSamples = rejectedSamples,
            Clocksource = clocksource,
        };
    }
}
