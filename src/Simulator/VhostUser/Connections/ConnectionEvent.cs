namespace Init.Simulator.VhostUser.Connections;

/// <summary>What happens to a connection.</summary>
internal enum ConnectionEvent : byte
{
    /// <summary>A complete and valid CONNECT line.</summary>
    HostAsked,

    /// <summary>The host's listener took the guest's connection.</summary>
    HostAccepted,

    /// <summary>There is no listener, or its backlog stayed full.</summary>
    HostRefused,

    /// <summary>The host sends no more: end of stream.</summary>
    HostFinished,

    /// <summary>The host reads no more: EPIPE, or it has closed.</summary>
    HostStoppedReading,

    /// <summary>The host closed with bytes unread, or its socket failed.</summary>
    HostReset,

    /// <summary>RESPONSE.</summary>
    GuestAccepted,

    /// <summary>SHUTDOWN: it sends no more.</summary>
    GuestFinished,

    /// <summary>SHUTDOWN: it reads no more.</summary>
    GuestStoppedReading,

    /// <summary>SHUTDOWN both ways, at once or in two packets: it has closed.</summary>
    GuestLeft,

    /// <summary>RST.</summary>
    GuestReset,

    /// <summary>A packet that may not come now, or more bytes than granted.</summary>
    GuestBrokeProtocol,

    /// <summary>The host has taken all that was held for it.</summary>
    HeldTaken,

    /// <summary>RST is in the guest's ring.</summary>
    ResetSent,
}
