namespace Init.Server;

/// <summary>What a handler may know of its request and do with its connection.</summary>
internal interface IRequestContext
{
    /// <summary>Fires when the client cancels or vanishes, the deadline passes or the server ends.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>Why it fired.</summary>
    CancelCause Cause { get; }

    /// <summary>Sets the deadline, from when the request's last byte was there.</summary>
    void EndWithin(TimeSpan allowed);

    /// <summary>Sends a progress event, in place of the one before if that still waits.</summary>
    /// <param name="body">An encoded event; must not change afterwards.</param>
    void Report(ReadOnlyMemory<byte> body);

    /// <summary>Cancels another request of the same connection.</summary>
    /// <returns>False: no such request is in flight.</returns>
    bool Cancel(ulong id);
}

/// <summary>Why a request was cancelled.</summary>
internal enum CancelCause
{
    /// <summary>Its deadline has passed, if its token fired.</summary>
    Deadline,

    /// <summary>The client asked for it.</summary>
    Client,

    /// <summary>There is nobody any more to answer to.</summary>
    Vanished,

    /// <summary>The time for draining is over.</summary>
    ShuttingDown,
}
