namespace Init.Simulator.VhostUser;

/// <summary>What a <see cref="VsockBackend"/> has seen since it started.</summary>
public sealed record VsockStatistics
{
    /// <summary>Connections now.</summary>
    public int Connections { get; init; }

    /// <summary>How often the back end woke up.</summary>
    public long Turns { get; init; }

    /// <summary>How often a driver started the device: once a boot.</summary>
    public long DeviceStarts { get; init; }

    /// <summary>Packets from the guest.</summary>
    public long PacketsFromGuest { get; init; }

    /// <summary>Packets to the guest.</summary>
    public long PacketsToGuest { get; init; }

    /// <summary>Payload from the guest, in bytes.</summary>
    public long BytesFromGuest { get; init; }

    /// <summary>Payload to the guest, in bytes.</summary>
    public long BytesToGuest { get; init; }

    /// <summary>Packets that were malformed, came for nobody or broke the protocol.</summary>
    public long RefusedPackets { get; init; }

    /// <summary>Rings that the guest filled with nonsense, which end all connections.</summary>
    public long BrokenRings { get; init; }

    /// <summary>Messages of the front end that were malformed or not understood.</summary>
    public long RefusedMessages { get; init; }
}
