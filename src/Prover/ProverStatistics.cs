namespace Init.Prover;

/// <summary>What the prover did and holds. A reading, not a live view.</summary>
public sealed record ProverStatistics
{
    /// <summary>Instances made, one for each request.</summary>
    public required long InstancesOpened { get; init; }

    /// <summary>Instances that exist now.</summary>
    public required long InstancesLive { get; init; }

    /// <summary>Prover threads that exist now.</summary>
    public required long ThreadsLive { get; init; }

    /// <summary>Bytes that the snapshot stores, the CRS included; shared by all instances.</summary>
    public required long SnapshotBytes { get; init; }

    /// <summary>Linear memory that an instance starts with, in bytes.</summary>
    public required long InitialMemoryBytes { get; init; }

    /// <summary>The largest linear memory that any instance reached, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>What making the last instance took.</summary>
    public required TimeSpan LastOpen { get; init; }

    /// <summary>Log lines of the sandboxed code, which are counted and never read.</summary>
    public required long DroppedLogLines { get; init; }

    /// <summary><c>ignition</c>, or the insecure development SRS's label.</summary>
    public required string SrsKind { get; init; }

    /// <summary>Instances that failed, by reason.</summary>
    public required IReadOnlyDictionary<ProverError, long> Failures { get; init; }
}
