using Init.Wire;

namespace Init.Server;

/// <summary>Where a request is in its life.</summary>
internal enum RequestPhase
{
    /// <summary>Frames of it have come, more must follow.</summary>
    Receiving,

    /// <summary>A handler has it.</summary>
    Running,

    /// <summary>Its answer waits to be written, or is being written.</summary>
    Answering,

    /// <summary>It was refused before all of it was there: what comes of it is swallowed.</summary>
    Refused,
}

/// <summary>One request, from its first frame until its answer is written.</summary>
/// <remarks>
/// The properties are guarded by the connection's lock, except that the message belongs to the handler while the phase is Running.
/// Only a request that is Running is cancelled, and under the lock, so never one that is disposed of.
/// </remarks>
internal sealed class InFlightRequest(Connection connection, ulong id, ServerContext server) : IRequestContext, IDisposable
{
    private CancellationTokenSource? _cancellation; // most requests are answered before anybody asks for a token
    private TimeSpan _allowed = Timeout.InfiniteTimeSpan; // the handler's thread's
    private int _cause = (int)CancelCause.Deadline;
    private TimeSpan _completeAt;

    /// <summary>Where it came from.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>Chosen by the client.</summary>
    public ulong Id { get; } = id;

    /// <summary>Where it is.</summary>
    public RequestPhase Phase { get; set; }

    /// <summary>Its bytes until the handler is done with them.</summary>
    public MessageBuffer? Message { get; set; }

    /// <summary>When its last frame came, by the loop's clock.</summary>
    public TimeSpan LastFrameAt { get; set; }

    /// <summary>Whether it counts against the cap on requests in all.</summary>
    public bool HoldsSlot { get; set; }

    /// <summary>Bytes that it counts for.</summary>
    public long Bytes { get; set; }

    /// <summary>Its progress event that waits to be written.</summary>
    public OutgoingMessage? Progress { get; set; }

    /// <summary>What is known of the answer's body.</summary>
    public KnownBody? KnownBody { get; private set; }

    /// <summary>What holds the answer's bytes.</summary>
    public IDisposable? AnswerOwner { get; set; }

    /// <inheritdoc/>
    public CancellationToken Cancellation => Source(Left()).Token;

    /// <inheritdoc/>
    public CancelCause Cause => (CancelCause)Volatile.Read(ref _cause);

    /// <summary>All of it is there.</summary>
    public void Complete() => _completeAt = server.Loop.Now;

    /// <inheritdoc/>
    public void EndWithin(TimeSpan allowed)
    {
        _allowed = allowed;
        Volatile.Read(ref _cancellation)?.CancelAfter(Left());
    }

    /// <inheritdoc/>
    public void Report(ReadOnlyMemory<byte> body) => Connection.Report(this, body);

    /// <inheritdoc/>
    public bool Cancel(ulong id) => Connection.Cancel(id);

    /// <summary>Fires the token; what listens to it runs on the thread pool.</summary>
    public void Cancel(CancelCause cause)
    {
        Interlocked.CompareExchange(ref _cause, (int)cause, (int)CancelCause.Deadline);
        _ = Source(Timeout.InfiniteTimeSpan).CancelAsync();
    }

    /// <summary>The handler is done: its slot is given back, and its message but for an answer made of it; the bytes held are the answer's.</summary>
    public void BecomeAnswer(in Answer answer)
    {
        IDisposable? owner = answer.Owner;
        if (answer.IsOfMessage)
        {
            MessageBuffer message = Message ?? throw new InvalidOperationException("an answer of memory that is not the message's own");
            (owner, Message, KnownBody) = (message, null, message.KnownOf(answer.Body.Span));
        }

        Dispose();
        Phase = RequestPhase.Answering;
        AnswerOwner = owner;
        Bytes = answer.Start.Length + answer.Body.Length;
        server.Load.AddBytes(Bytes);
    }

    /// <summary>Gives back all that it holds.</summary>
    public void Dispose()
    {
        _cancellation?.Dispose();
        Message?.Dispose();
        AnswerOwner?.Dispose();
        (Message, AnswerOwner) = (null, null);
        server.Load.AddBytes(-Bytes);
        Bytes = 0;
        if (HoldsSlot)
        {
            HoldsSlot = false;
            server.Load.GiveSlotBack();
        }
    }

    private TimeSpan Left()
    {
        if (_allowed == Timeout.InfiniteTimeSpan)
        {
            return _allowed;
        }

        TimeSpan left = _allowed - (server.Loop.Now - _completeAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // The handler's thread makes it, or whoever cancels: the first one's stays.
    private CancellationTokenSource Source(TimeSpan left)
    {
        if (Volatile.Read(ref _cancellation) is { } made)
        {
            return made;
        }

        CancellationTokenSource source = new(left, server.Time);
        CancellationTokenSource? others = Interlocked.CompareExchange(ref _cancellation, source, null);
        if (others is not null)
        {
            source.Dispose();
        }

        return others ?? source;
    }
}
