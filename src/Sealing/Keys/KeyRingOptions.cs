namespace Init.Sealing;

/// <summary>When keys change.</summary>
public sealed record KeyRingOptions
{
    /// <summary>How long a key is the current one.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long after that requests sealed to it still open.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many requests one key opens. Each is remembered by 16 bytes, which bounds what replays cost: about 3 MiB for a full key. A key
    /// that has opened all is erased at once, and another is current.
    /// </summary>
    public int MaxRequestsPerKey { get; init; } = 65_536;
}
