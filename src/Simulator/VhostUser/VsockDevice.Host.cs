using System.Globalization;
using Init.Linux;
using Init.Simulator.VhostUser.Connections;

namespace Init.Simulator.VhostUser;

/// <content>The host's side: Unix sockets.</content>
internal sealed partial class VsockDevice
{
    /// <summary>How often a listener with a full backlog is tried again, and for how long: its program may be slow, not gone.</summary>
    private static readonly TimeSpan DialEvery = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan DialFor = TimeSpan.FromSeconds(5);

    private readonly List<VsockConnection> _dialing = [];

    /// <summary>How long the loop may wait for events, in milliseconds; -1 for ever.</summary>
    public int WaitMs => _dialing.Count > 0 ? (int)DialEvery.TotalMilliseconds : -1;

    /// <summary>A program of the host has connected.</summary>
    public void HostConnected(IDescriptor host)
    {
        VsockConnection connection = _connections.Add(ConnectionState.AwaitingLine);
        connection.Host = host;
        Watch(connection);
    }

    /// <summary>Epoll reports a host's socket. The token may belong to a connection that has ended in this turn.</summary>
    public void HostReady(ulong token, EpollEvents events)
    {
        if (_connections.Find(token) is not { Host: not null } connection)
        {
            return;
        }

        if (connection.State == ConnectionState.AwaitingLine)
        {
            ReadLine(connection);
            return;
        }

        if ((events & (EpollEvents.HangUp | EpollEvents.Error)) != 0)
        {
            HostHungUp(connection);
            return;
        }

        if ((events & EpollEvents.Out) != 0)
        {
            FlushHeld(connection);
        }

        if ((events & EpollEvents.In) != 0 && ConnectionTransitions.CarriesToGuest(connection.State))
        {
            connection.IsInputMuted = connection.IsHostReadable;
            connection.IsHostReadable = true;
            Watch(connection);
            Enqueue(connection);
        }
    }

    /// <summary>Tries the listeners whose backlog was full.</summary>
    public void DialAgain()
    {
        if (_dialing.Count == 0)
        {
            return;
        }

        long now = _options.Time.GetTimestamp();
        foreach (VsockConnection connection in _dialing.Where(c => c.DialNext <= now).ToArray())
        {
            Dial(connection);
        }
    }

    /// <summary>
    /// Reads a byte at a time, so that what follows the line stays in the socket: programs may write before they are answered.
    /// </summary>
    private void ReadLine(VsockConnection connection)
    {
        Span<byte> value = stackalloc byte[1];
        while (true)
        {
            IoResult result = DescriptorIo.Read(connection.Host!, value);
            if (result.Status == IoStatus.WouldBlock)
            {
                return;
            }

            if (!result.IsDone || !connection.TryAddToLine(value[0]))
            {
                Apply(connection, ConnectionEvent.HostReset);
                return;
            }

            if (value[0] == (byte)'\n')
            {
                AskGuest(connection);
                return;
            }
        }
    }

    private void AskGuest(VsockConnection connection)
    {
        if (!IsUp || !ConnectLine.TryParse(connection.Line, out uint port))
        {
            Apply(connection, ConnectionEvent.HostRefused);
            return;
        }

        _connections.Name(connection, _connections.FreeKey(_options.HostCid, port));
        Apply(connection, ConnectionEvent.HostAsked);
    }

    /// <summary>The socket is new and its buffer empty, so the line fits; a program that has gone meanwhile is reported by epoll.</summary>
    private static void AnswerHost(VsockConnection connection) =>
        DescriptorIo.Write(connection.Host!, ConnectLine.Accepted(connection.Key.HostPort));

    /// <summary>
    /// Both directions are closed, which epoll would report for ever: it stops watching. Bytes that came before stay to be read.
    /// </summary>
    private void HostHungUp(VsockConnection connection)
    {
        _epoll.Remove(connection.Host!.Number);
        connection.Watched = null;
        connection.IsHungUp = true;
        Apply(connection, ConnectionEvent.HostStoppedReading);
        if (ConnectionTransitions.CarriesToGuest(connection.State))
        {
            connection.IsHostReadable = true;
            Enqueue(connection);
        }
    }

    private void Dial(VsockConnection connection)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{_options.HostSocketPath}_{connection.Key.HostPort}");
        _dialing.Remove(connection);
        if (connection.State != ConnectionState.Dialing)
        {
            return;
        }

        try
        {
            connection.Host = UnixSocket.Connect(path, TimeSpan.Zero);
        }
        catch (LinuxException failure)
        {
            long now = _options.Time.GetTimestamp();
            if (failure.Errno == Errno.ETIMEDOUT && now < connection.DialUntil)
            {
                connection.DialNext = now + Ticks(DialEvery);
                _dialing.Add(connection);
                return;
            }

            Apply(connection, ConnectionEvent.HostRefused);
            return;
        }

        Apply(connection, ConnectionEvent.HostAccepted);
    }

    private void FlushHeld(VsockConnection connection)
    {
        while (connection.Held.Count > 0 && connection.Host is { } host)
        {
            IoResult result = DescriptorIo.Write(host, connection.Held.Front);
            if (result.Status is IoStatus.WouldBlock or IoStatus.Exhausted)
            {
                break;
            }

            if (!result.IsDone)
            {
                Apply(connection, ConnectionEvent.HostStoppedReading);
                return;
            }

            connection.Held.Consume(result.Count, _buffers);
            Forwarded(connection, result.Count);
        }

        AfterHeldChanged(connection);
    }

    private void Watch(VsockConnection connection)
    {
        if (connection.Host is not { } host || connection.IsHungUp)
        {
            return;
        }

        bool isInputWanted = connection.State == ConnectionState.AwaitingLine
            || (ConnectionTransitions.CarriesToGuest(connection.State) && !connection.IsInputMuted);
        EpollEvents wanted = (isInputWanted ? EpollEvents.In : EpollEvents.None)
            | (connection.Held.Count > 0 ? EpollEvents.Out : EpollEvents.None);
        if (connection.Watched is null)
        {
            _epoll.Add(host.Number, wanted, connection.Token);
        }
        else if (connection.Watched != wanted)
        {
            _epoll.Modify(host.Number, wanted, connection.Token);
        }

        connection.Watched = wanted;
    }

    /// <summary>Closing takes the socket out of epoll too.</summary>
    private static void CloseHost(VsockConnection connection)
    {
        connection.Host?.Dispose();
        connection.Host = null;
        connection.IsHostReadable = false;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _options.Time.TimestampFrequency);
}
