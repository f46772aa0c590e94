namespace Init.Nsm;

/// <summary>What an NSM session did since it was opened. A reading, not a live view.</summary>
public sealed record NsmCounters
{
    /// <summary>Calls that reached the device, by command.</summary>
    public required IReadOnlyDictionary<NsmCommand, long> Calls { get; init; }

    /// <summary>Calls that failed, by reason, those that never reached the device included.</summary>
    public required IReadOnlyDictionary<NsmError, long> Errors { get; init; }

    /// <summary>Calls that hold a place in the queue now, the running one included.</summary>
    public required int Queued { get; init; }

    /// <summary>Callers that gave up (deadline, cancellation) while the device was working for them.</summary>
    public required long GivenUp { get; init; }

    /// <summary>How long the device took for the last call that it answered or failed.</summary>
    public required TimeSpan LastLatency { get; init; }

    /// <summary>The longest that the device took.</summary>
    public required TimeSpan MaximumLatency { get; init; }

    /// <summary>How often this process opened the device: 1.</summary>
    public required long DeviceOpens { get; init; }

    /// <summary>Whether the device is lost.</summary>
    public required bool IsLost { get; init; }
}
