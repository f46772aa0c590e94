namespace Init.Server;

/// <summary>Where a connection is in its life.</summary>
internal enum ConnectionState
{
    /// <summary>Requests are read and answered.</summary>
    Open,

    /// <summary>The enclave shuts down: requests are read and refused; closed as soon as all is answered.</summary>
    Draining,

    /// <summary>The client sends no more: what it asked for is answered, then the connection is closed.</summary>
    Finishing,

    /// <summary>The connection has failed: its error is written, then it is closed.</summary>
    Failing,

    /// <summary>The socket is closed.</summary>
    Closed,
}

/// <summary>What changes a <see cref="ConnectionState"/>.</summary>
internal enum ConnectionEvent
{
    /// <summary>The enclave begins to shut down.</summary>
    DrainBegan,

    /// <summary>The client has ended its direction.</summary>
    InputEnded,

    /// <summary>The client broke the protocol or a deadline.</summary>
    Refused,

    /// <summary>Everything is written, or nothing can be written any more.</summary>
    Ended,
}

/// <summary>The connection's state machine.</summary>
internal static class ConnectionTransitions
{
    private const ConnectionState Open = ConnectionState.Open;
    private const ConnectionState Draining = ConnectionState.Draining;
    private const ConnectionState Finishing = ConnectionState.Finishing;
    private const ConnectionState Failing = ConnectionState.Failing;
    private const ConnectionState Closed = ConnectionState.Closed;

    // One row a state, one column an event, both in the order of the enums.
    private static readonly ConnectionState[][] Table =
    [
        /*              DrainBegan  InputEnded  Refused  Ended */
        /* Open      */ [Draining,  Finishing,  Failing, Closed],
        /* Draining  */ [Draining,  Finishing,  Failing, Closed],
        /* Finishing */ [Finishing, Finishing,  Failing, Closed],
        /* Failing   */ [Failing,   Failing,    Failing, Closed],
        /* Closed    */ [Closed,    Closed,     Closed,  Closed],
    ];

    /// <summary>The state after an event.</summary>
    public static ConnectionState After(this ConnectionState state, ConnectionEvent what) => Table[(int)state][(int)what];

    /// <summary>Whether writing ends for good once nothing is in flight and nothing waits to be written.</summary>
    public static bool ClosesWhenAnswered(this ConnectionState state) => state is not Open;
}
