namespace Init.Wire;

/// <summary>The prover.</summary>
public sealed record ProverHealth
{
    /// <summary>Requests that wait for it.</summary>
    public required ulong Queued { get; init; }

    /// <summary>Requests it works on.</summary>
    public required ulong Running { get; init; }

    /// <summary>Requests it has done.</summary>
    public required ulong Done { get; init; }

    /// <summary>Requests that failed, by kind.</summary>
    public required IReadOnlyList<NamedCount> Failed { get; init; }

    /// <summary>Instances made.</summary>
    public required ulong InstancesOpened { get; init; }

    /// <summary>The largest linear memory of any instance.</summary>
    public required ulong PeakMemoryBytes { get; init; }

    /// <summary><c>ignition</c>, or the insecure development SRS's label.</summary>
    public required string SrsKind { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(7);
        writer.WriteUInt64(1);
        writer.WriteUInt64(Queued);
        writer.WriteUInt64(2);
        writer.WriteUInt64(Running);
        writer.WriteUInt64(3);
        writer.WriteUInt64(Done);
        writer.WriteUInt64(4);
        NamedCount.WriteAll(ref writer, Failed);
        writer.WriteUInt64(5);
        writer.WriteUInt64(InstancesOpened);
        writer.WriteUInt64(6);
        writer.WriteUInt64(PeakMemoryBytes);
        writer.WriteUInt64(7);
        writer.WriteText(SrsKind);
    }

    internal static ProverHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("prover");
        reader.ReadKey(ref fields, 1);
        ulong queued = reader.ReadUInt64();
        reader.ReadKey(ref fields, 2);
        ulong running = reader.ReadUInt64();
        reader.ReadKey(ref fields, 3);
        ulong done = reader.ReadUInt64();
        reader.ReadKey(ref fields, 4);
        IReadOnlyList<NamedCount> failed = NamedCount.ReadAll(ref reader, "prover failed");
        reader.ReadKey(ref fields, 5);
        ulong instancesOpened = reader.ReadUInt64();
        reader.ReadKey(ref fields, 6);
        ulong peakMemoryBytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 7);
        string srsKind = reader.ReadText(WireLimits.MaxNameBytes);
        fields.ReadEnd();
        return new ProverHealth
        {
            Queued = queued,
            Running = running,
            Done = done,
            Failed = failed,
            InstancesOpened = instancesOpened,
            PeakMemoryBytes = peakMemoryBytes,
            SrsKind = srsKind,
        };
    }
}
