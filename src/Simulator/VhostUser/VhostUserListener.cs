using Init.Linux;
using Init.Simulator.VhostUser.Rings;

namespace Init.Simulator.VhostUser;

/// <summary>Where QEMU connects: one at a time, and when it goes, the next may come. Owned by the back end's thread.</summary>
internal sealed class VhostUserListener : IDisposable
{
    private readonly SocketFile _listener;
    private readonly Epoll _epoll;
    private readonly ulong _sessionToken;
    private readonly Vring[] _vrings;
    private readonly ReadOnlyMemory<byte> _configuration;
    private VhostUserSession? _session;
    private long _refused;

    /// <summary>Listens.</summary>
    /// <param name="path">Of the socket.</param>
    /// <param name="epoll">Reports the listener and the session.</param>
    /// <param name="listenerToken">As what it reports the listener.</param>
    /// <param name="sessionToken">As what it reports the session.</param>
    /// <param name="vrings">The device's queues.</param>
    /// <param name="configuration">The device's configuration space; empty when it has none.</param>
    /// <exception cref="SimulatorException">SocketInUse, SocketPathTooLong.</exception>
    public VhostUserListener(
        string path, Epoll epoll, ulong listenerToken, ulong sessionToken, Vring[] vrings, ReadOnlyMemory<byte> configuration)
    {
        _epoll = epoll;
        _sessionToken = sessionToken;
        _vrings = vrings;
        _configuration = configuration;
        _listener = SocketFile.Listen(path, 1);
        _epoll.Add(_listener.Socket.Number, EpollEvents.In, listenerToken);
    }

    /// <summary>How many messages were refused since this was last asked.</summary>
    public long TakeRefused()
    {
        long refused = _refused;
        _refused = 0;
        return refused;
    }

    /// <summary>Takes a front end in. A second one is turned away.</summary>
    public void Accept()
    {
        if (!DescriptorIo.Accept(_listener.Socket, out IDescriptor? connection).IsDone)
        {
            return;
        }

        if (_session is not null || connection is not KernelDescriptor socket)
        {
            connection!.Dispose();
            return;
        }

        _session = new VhostUserSession(new DescriptorSocket(socket), _vrings, _configuration);
        _epoll.Add(_session.Number, EpollEvents.In, _sessionToken);
    }

    /// <summary>Takes one message if one is there.</summary>
    public SessionChanges Serve()
    {
        if (_session is not { } session)
        {
            return SessionChanges.None;
        }

        bool isAlive = session.Serve();
        _refused += session.TakeRefused();
        if (!isAlive)
        {
            EndSession();
            return SessionChanges.Ended;
        }

        return (session.TakeStarted() ? SessionChanges.Started : SessionChanges.None)
            | (session.TakeStopped() ? SessionChanges.Stopped : SessionChanges.None);
    }

    /// <summary>Sends the front end away.</summary>
    public void EndSession()
    {
        _session?.Dispose();
        _session = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndSession();
        _listener.Dispose();
    }
}
