using Init.Linux;
using Init.Simulator.VhostUser.Connections;
using Init.Simulator.VhostUser.Packets;
using Init.Simulator.VhostUser.Rings;

namespace Init.Simulator.VhostUser;

/// <summary>
/// The virtio socket device (virtio 1.2, 5.10): moves bytes between the guest's rings and Unix sockets. This file carries out what the
/// transition table decides; the others hold the three directions of I/O. Owned by the back end's thread; nothing here blocks.
/// </summary>
internal sealed partial class VsockDevice : IDisposable
{
    private readonly VsockBackendOptions _options;
    private readonly Epoll _epoll;
    private readonly Vring _toGuest;
    private readonly Vring _fromGuest;
    private readonly ConnectionTable _connections;
    private readonly HeldBytes.BufferPool _buffers = new();
    private readonly DescriptorChain _chain = new();
    private bool _wasUp;

    public VsockDevice(VsockBackendOptions options, Epoll epoll, Vring toGuest, Vring fromGuest, ulong firstToken)
    {
        _options = options;
        _epoll = epoll;
        _toGuest = toGuest;
        _fromGuest = fromGuest;
        _connections = new ConnectionTable(firstToken);
    }

    /// <summary>Counters; written by the back end's thread, read by any.</summary>
    public DeviceCounters Counters { get; } = new();

    /// <summary>Whether a driver runs both queues.</summary>
    public bool IsUp => _toGuest.Queue is { IsBroken: false } && _fromGuest.Queue is { IsBroken: false };

    /// <summary>How many connections there are.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Whether one more is allowed.</summary>
    public bool HasRoom => _connections.Count < _options.MaxConnections;

    /// <summary>A queue has started: it may have been filled before.</summary>
    public void QueueStarted()
    {
        _isStarved = false;
        _toGuest.Queue?.WantKicks(false);
        HasMoreFromGuest = true;
        if (IsUp && !_wasUp)
        {
            _wasUp = true;
            Counters.DeviceStarts++;
        }
    }

    /// <summary>The driver has stopped, or the front end has gone: what was there before is over.</summary>
    public void Reset()
    {
        foreach (VsockConnection connection in _connections.All.ToArray())
        {
            CloseHost(connection);
            Remove(connection);
        }

        _queue.Clear();
        _resets.Clear();
        _toFlush.Clear();
        _isStarved = false;
        _wasUp = false;
        HasMoreFromGuest = false;
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    /// <summary>Lets something happen to a connection: the table decides, this acts.</summary>
    private void Apply(VsockConnection connection, ConnectionEvent @event)
    {
        (connection.State, ConnectionActions actions) = ConnectionTransitions.Next(connection.State, @event);
        ActOnHost(connection, actions);
        ActOnGuest(connection, actions);
        if (connection.State == ConnectionState.Closed)
        {
            CloseHost(connection);
            Remove(connection);
        }
        else
        {
            AfterHeldChanged(connection);
        }
    }

    private void ActOnHost(VsockConnection connection, ConnectionActions actions)
    {
        if (actions.HasFlag(ConnectionActions.DropHeld))
        {
            Forwarded(connection, connection.Held.Count);
            connection.Held.Consume(connection.Held.Count, _buffers);
        }

        if (actions.HasFlag(ConnectionActions.StopHost))
        {
            connection.IsHostReadable = false;
            connection.Host?.Shutdown(ShutdownSides.Read);
        }

        if (actions.HasFlag(ConnectionActions.FinishHost))
        {
            connection.IsFinishDue = true;
        }

        if (actions.HasFlag(ConnectionActions.AnswerHost))
        {
            AnswerHost(connection);
        }

        if (actions.HasFlag(ConnectionActions.CloseHost))
        {
            CloseHost(connection);
        }
    }

    private void ActOnGuest(VsockConnection connection, ConnectionActions actions)
    {
        if (actions.HasFlag(ConnectionActions.SendReset))
        {
            // Nothing may follow it, and nothing that waited still matters.
            connection.Packets = GuestPackets.Reset;
        }

        if (actions.HasFlag(ConnectionActions.Forget))
        {
            connection.Packets = GuestPackets.None;
            _connections.Forget(connection);
        }

        connection.Packets |= (actions.HasFlag(ConnectionActions.SendRequest) ? GuestPackets.Request : GuestPackets.None)
            | (actions.HasFlag(ConnectionActions.SendResponse) ? GuestPackets.Response : GuestPackets.None)
            | (actions.HasFlag(ConnectionActions.SendShutdown) ? GuestPackets.Shutdown : GuestPackets.None);
        if (ConnectionTransitions.ToldBy(connection.State) == ShutdownFlags.None)
        {
            connection.Packets &= ~GuestPackets.Shutdown;
        }

        if (connection.Packets != GuestPackets.None)
        {
            Enqueue(connection);
        }
    }

    /// <summary>What waits for the host to have taken everything.</summary>
    private void AfterHeldChanged(VsockConnection connection)
    {
        if (connection.Held.Count == 0 && connection.IsFinishDue)
        {
            connection.IsFinishDue = false;
            connection.Host?.Shutdown(ShutdownSides.Write);
        }

        if (connection.Held.Count == 0 && connection.State is ConnectionState.Leaving or ConnectionState.Draining)
        {
            Apply(connection, ConnectionEvent.HeldTaken);
            return;
        }

        Watch(connection);
    }

    private void Forwarded(VsockConnection connection, int bytes)
    {
        connection.Credit.Forwarded(bytes);
        if (connection.Credit.IsUpdateDue && ConnectionTransitions.MaySend(connection.State))
        {
            connection.Packets |= GuestPackets.CreditUpdate;
            Enqueue(connection);
        }
    }

    private void Remove(VsockConnection connection)
    {
        connection.State = ConnectionState.Closed;
        connection.Packets = GuestPackets.None;
        connection.Held.Consume(connection.Held.Count, _buffers);
        _dialing.Remove(connection);
        _connections.Remove(connection);
    }
}
