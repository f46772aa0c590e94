using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <summary>Serves the protocol of docs/wire-protocol.md on a listening socket. docs/server.md says how.</summary>
/// <remarks>The connections and the acceptor belong to the loop's thread. Everything public is for any thread.</remarks>
internal sealed class EnclaveServer : IServerControl, IDisposable
{
    private const int LeastPoolThreads = 8;

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<Connection> _connections = [];
    private readonly ServerContext _server;
    private readonly SocketLoop _loop;
    private readonly Acceptor _acceptor;
    private TimeSpan _drainBy = SocketLoop.Never;
    private int _count;
    private bool _isDraining;
    private bool _isCutOff;

    /// <summary>Takes a listener over.</summary>
    /// <param name="listener">Listening and non-blocking.</param>
    /// <param name="parentCid">The only vsock peer that is served; null where no peer has a CID.</param>
    /// <param name="settings">Caps and deadlines.</param>
    /// <param name="routerOf">Makes what answers requests; it may keep the server, which does not use it before <see cref="Start"/>.</param>
    /// <param name="time">Tells deadlines.</param>
    /// <exception cref="LinuxException">EMFILE and others.</exception>
    public EnclaveServer(
        IDescriptor listener, uint? parentCid, ServerSettings settings, Func<IServerControl, IRequestRouter> routerOf, TimeProvider time)
    {
        _loop = new SocketLoop(time, Expire);
        _server = new ServerContext(settings, routerOf(this), _loop, time);
        _acceptor = new Acceptor(_server, listener, parentCid, TryAdmit, () => BeginDrain(TimeSpan.Zero));
    }

    /// <summary>Completes when a drain has come to its end: nobody is connected and nobody will be.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Whether the server drains.</summary>
    public bool IsDraining => Volatile.Read(ref _isDraining);

    /// <inheritdoc/>
    public ServerCounters Counters => new()
    {
        Connections = Volatile.Read(ref _count),
        Requests = _server.Load.Requests,
        Bytes = _server.Load.Bytes,
        Blocks = _server.Pool.Rented,
        MostQueued = _server.Tally.MostQueued,
        WakeUps = _loop.WakeUps,
        Events = Enum.GetValues<ServerEvent>().ToDictionary(e => e, e => _server.Tally[e]),
        Replies = _server.Tally[code: null],
        Errors = Enum.GetValues<ErrorCode>().Where(c => _server.Tally[c] != 0).ToDictionary(c => c, c => _server.Tally[c]),
    };

    /// <summary>When the socket thread next looks at the clock, since the server was made.</summary>
    internal TimeSpan NextDeadline => _loop.Earliest;

    /// <summary>For a clock that is not the system's: it was moved.</summary>
    internal void Wake() => _loop.Wake();

    /// <summary>Starts serving.</summary>
    public void Start()
    {
        // Copying a message of 128 MiB takes a while: with a thread per processor, a few such would keep health waiting for the pool to grow.
        ThreadPool.GetMinThreads(out int workers, out int others);
        ThreadPool.SetMinThreads(Math.Max(workers, LeastPoolThreads), others);
        _loop.Start();
        _loop.Schedule(static s => _ = ((EnclaveServer)s!).AcceptAsync(), this);
    }

    /// <inheritdoc/>
    public void BeginDrain(TimeSpan within) => _loop.Schedule(_ => Drain(within), null);

    /// <summary>Closes everything at once and ends the thread.</summary>
    public void Dispose()
    {
        _loop.Schedule(static s => ((EnclaveServer)s!).CloseAll(), this);
        _loop.Dispose();
        _server.Pool.Dispose();
        _server.Frames.Dispose();
    }

    // A server that accepts nobody is of no use: a fault ends it as an orderly drain does.
    private async Task AcceptAsync()
    {
        Task accepting = _acceptor.AcceptAsync();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (accepting.Exception is not null)
        {
            _server.Tally.Count(ServerEvent.Fault);
            BeginDrain(TimeSpan.Zero);
        }
    }

    private void Drain(TimeSpan within)
    {
        TimeSpan by = _loop.Now + within;
        _drainBy = by < _drainBy ? by : _drainBy;
        if (!_isDraining)
        {
            Volatile.Write(ref _isDraining, true);
            _acceptor.Dispose();
            foreach (Connection connection in _connections)
            {
                connection.Drain();
            }
        }

        _loop.FindEarliest();
        CompleteIfDrained();
    }

    private bool TryAdmit(IDescriptor descriptor)
    {
        if (_connections.Count >= _server.Settings.Limits.Connections)
        {
            return false;
        }

        try
        {
            Connection connection = new(descriptor, _server, Forget);
            _connections.Add(connection);
            Volatile.Write(ref _count, _connections.Count);
            connection.Start();
            return true;
        }
        catch (LinuxException)
        {
            return false; // no memory to watch it
        }
    }

    private void Forget(Connection connection)
    {
        _connections.Remove(connection);
        Volatile.Write(ref _count, _connections.Count);
        if (_connections.Count == 0)
        {
            // The last one's deadlines must not wake an idle enclave.
            _loop.Schedule(static s => ((EnclaveServer)s!).BecomeIdle(), this);
        }
    }

    private void BecomeIdle()
    {
        _loop.FindEarliest();
        CompleteIfDrained();
    }

    private void CompleteIfDrained()
    {
        if (_isDraining && _connections.Count == 0)
        {
            _drained.TrySetResult();
        }
    }

    private TimeSpan Expire()
    {
        TimeSpan now = _loop.Now;
        if (_drainBy <= now)
        {
            CutOff(now);
        }

        TimeSpan earliest = _acceptor.Expire(now);
        foreach (Connection connection in _connections.ToArray())
        {
            TimeSpan due = connection.Expire(now);
            earliest = due < earliest ? due : earliest;
        }

        return _connections.Count > 0 && _drainBy < earliest ? _drainBy : earliest;
    }

    // The drain's time is over: first what is in flight is cancelled, a moment later the sockets are closed.
    private void CutOff(TimeSpan now)
    {
        foreach (Connection connection in _connections.ToArray())
        {
            if (_isCutOff)
            {
                connection.End();
            }
            else
            {
                connection.CancelAll(CancelCause.ShuttingDown);
            }
        }

        _isCutOff = true;
        _drainBy = now + _server.Settings.LastWords;
    }

    private void CloseAll()
    {
        _acceptor.Dispose();
        foreach (Connection connection in _connections.ToArray())
        {
            connection.End();
        }
    }
}
