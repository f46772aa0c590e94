namespace Init.Simulator.SoftwareNsm;

/// <summary>What a software NSM does wrong, behind a Unix socket or as a device of QEMU's guest. Set anew at any time; the next call sees it.</summary>
public sealed record SoftwareNsmFaults
{
    /// <summary>Nothing.</summary>
    public static SoftwareNsmFaults None { get; } = new();

    /// <summary>How long each call takes longer.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Calls, counted from the start, that are answered; later ones never are. Null: all.</summary>
    public long? MuteAfter { get; init; }

    /// <summary>Answers every call with this error, for example <c>InternalError</c>. Null: as the module would.</summary>
    public string? ErrorName { get; init; }

    /// <summary>Changes a reply: cuts it, replaces it. Called by the threads that serve.</summary>
    public Func<byte[], byte[]>? Rewrite { get; init; }
}
