using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <summary>One client: bytes in, frames, messages, answers, frames, bytes out.</summary>
/// <remarks>
/// Two methods that each run from start to end on the loop's thread: <c>ReceiveAsync</c> (socket to requests) and <c>SendAsync</c> (answers
/// to socket). A request that is not answered at once is the thread pool's until it has its answer. The socket, the registration, what was
/// received, the state, what is being sent and the stall belong to the loop's thread. The lock guards the table of requests and the
/// outbox, and the state for those who are not the loop's thread. An answer's bytes are released by <c>SendAsync</c> alone, which reads them.
/// </remarks>
internal sealed partial class Connection
{
    private readonly object _lock = new();
    private readonly Dictionary<ulong, InFlightRequest> _requests = [];
    private readonly Outbox _outbox;
    private readonly ServerContext _server;
    private readonly IDescriptor _descriptor;
    private readonly SocketRegistration _socket;
    private readonly Action<Connection> _closed;
    private ConnectionState _state = ConnectionState.Open;

    /// <summary>Takes a socket over. The loop's thread.</summary>
    /// <param name="descriptor">Non-blocking; the connection closes it.</param>
    /// <param name="server">What all connections share.</param>
    /// <param name="closed">Called once, on the loop's thread, when the socket is closed.</param>
    /// <exception cref="LinuxException">The socket cannot be watched; it stays the caller's.</exception>
    public Connection(IDescriptor descriptor, ServerContext server, Action<Connection> closed)
    {
        (_descriptor, _server, _closed) = (descriptor, server, closed);
        _outbox = new Outbox(server.Settings.FramePayloadBytes);
        _input = new InputBuffer(server);
        _quietSince = server.Loop.Now;
        _socket = server.Loop.Add(descriptor, End);
    }

    /// <summary>Starts reading. The loop's thread.</summary>
    public void Start()
    {
        _ = GuardAsync(ReceiveAsync());
        _ = GuardAsync(SendAsync());
        _server.Loop.Expect(NextDeadline().Due);
    }

    /// <summary>No new requests from now on; closes when all is answered. The loop's thread.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            _state = _state.After(ConnectionEvent.DrainBegan);
            foreach (InFlightRequest request in _requests.Values)
            {
                if (request.Phase == RequestPhase.Receiving)
                {
                    Refuse(request, ServerContext.ShuttingDown());
                }
            }

            StartWriting();
        }
    }

    /// <summary>Cancels every request that a handler has. The loop's thread.</summary>
    public void CancelAll(CancelCause cause)
    {
        lock (_lock)
        {
            foreach (InFlightRequest request in _requests.Values.Where(r => r.Phase == RequestPhase.Running))
            {
                request.Cancel(cause);
            }
        }
    }

    /// <summary>Closes the socket now and cancels what is in flight. The loop's thread.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_state == ConnectionState.Closed)
            {
                return;
            }

            _state = _state.After(ConnectionEvent.Ended);
            if (DropRequests())
            {
                _server.Tally.Count(ServerEvent.Vanished);
            }
        }

        _socket.End();
        _descriptor.Dispose();
        _answers.End();
        _room.End();
        _closed(this);
    }

    /// <summary>Cancels a request by id. Any thread.</summary>
    public bool Cancel(ulong id)
    {
        lock (_lock)
        {
            if (!_requests.TryGetValue(id, out InFlightRequest? request))
            {
                return false;
            }

            switch (request.Phase)
            {
                case RequestPhase.Receiving:
                    Refuse(request, new RequestException(ErrorCode.Cancelled, "cancelled before all of it was there"));
                    return true;
                case RequestPhase.Running:
                    request.Cancel(CancelCause.Client);
                    return true;
                default:
                    return false;
            }
        }
    }

    // The connection has failed: the client gets one error with id 0, answers that are being written go on.
    private void Fail(RequestException error, ServerEvent what)
    {
        lock (_lock)
        {
            if (_state is ConnectionState.Failing or ConnectionState.Closed)
            {
                return;
            }

            _server.Tally.Count(what);
            _state = _state.After(ConnectionEvent.Refused);
            DropRequests();
            LetReaderGoOn();
            Send(new OutgoingMessage(0, FrameKind.Error, _server.Router.EncodeError(error), request: null));
        }
    }

    // Under the lock. What is received or runs is forgotten: nobody is left to answer to. True: there was such a request.
    private bool DropRequests()
    {
        InFlightRequest[] dropped = [.. _requests.Values.Where(r => r.Phase is not RequestPhase.Answering)];
        foreach (InFlightRequest request in dropped)
        {
            _requests.Remove(request.Id);
            if (request.Phase == RequestPhase.Running)
            {
                request.Cancel(CancelCause.Vanished); // its handler still reads the message: released when it answers
            }
            else
            {
                request.Dispose();
            }
        }

        return dropped.Any(r => r.Phase != RequestPhase.Refused);
    }

    // A fault here is a bug of ours; it costs this connection and no other.
    private async Task GuardAsync(Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.Exception is not null)
        {
            _server.Tally.Count(ServerEvent.Fault);
            _server.Loop.Schedule(static c => ((Connection)c!).End(), this);
        }
    }
}
