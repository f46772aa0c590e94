namespace Init.Simulator.VhostUser.Connections;

/// <summary>Where one connection between a guest's port and a Unix socket stands.</summary>
internal enum ConnectionState : byte
{
    /// <summary>A program of the host has connected; its CONNECT line is not complete.</summary>
    AwaitingLine,

    /// <summary>REQUEST is on its way to the guest, or was sent and not answered.</summary>
    Requested,

    /// <summary>The guest asked; the host's listener has a full backlog and is tried again.</summary>
    Dialing,

    /// <summary>Bytes flow both ways.</summary>
    Open,

    /// <summary>Bytes flow to the guest only: it said that it sends no more, or the host reads no more.</summary>
    ToGuestOnly,

    /// <summary>Bytes flow to the host only: it sends no more, or the guest said that it reads no more.</summary>
    ToHostOnly,

    /// <summary>Nothing flows and the guest knows: its RST ends the connection.</summary>
    Silent,

    /// <summary>The guest has closed and waits for RST, which it gets when the host has taken what is held for it.</summary>
    Leaving,

    /// <summary>The guest has forgotten the connection; what is held still goes to the host.</summary>
    Draining,

    /// <summary>The host's side is closed; RST is on its way to the guest.</summary>
    Resetting,

    /// <summary>Over: nothing refers to it any more.</summary>
    Closed,
}
