namespace Init.Simulator.VhostUser.Connections;

/// <summary>What a transition asks the I/O to do. Packets are queued, in this order, until the guest has room for them.</summary>
[Flags]
internal enum ConnectionActions : ushort
{
    None = 0,

    /// <summary>Send REQUEST.</summary>
    SendRequest = 1,

    /// <summary>Send RESPONSE.</summary>
    SendResponse = 2,

    /// <summary>Send SHUTDOWN with the sides that the state says.</summary>
    SendShutdown = 4,

    /// <summary>Send RST, and nothing else after it.</summary>
    SendReset = 8,

    /// <summary>Write the OK line to the host.</summary>
    AnswerHost = 16,

    /// <summary>shutdown(SHUT_WR) towards the host, once it has taken what is held.</summary>
    FinishHost = 32,

    /// <summary>shutdown(SHUT_RD): the host's writes fail from now on.</summary>
    StopHost = 64,

    /// <summary>Throw away what is held for the host.</summary>
    DropHeld = 128,

    /// <summary>Close the host's socket.</summary>
    CloseHost = 256,

    /// <summary>Forget that the guest knows this connection: its ports may come again.</summary>
    Forget = 512,
}
