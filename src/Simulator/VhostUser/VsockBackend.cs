using System.Buffers.Binary;
using System.Text;
using Init.Linux;
using Init.Simulator.VhostUser.Rings;

namespace Init.Simulator.VhostUser;

/// <summary>
/// The vhost-user back end of QEMU's virtio socket device. A connection of the guest to CID 2 or 3, port P, goes to the Unix socket
/// <c>path_P</c>; a program that connects to <c>path</c> and writes <c>CONNECT P\n</c> reaches the guest's port P, after <c>OK n\n</c>.
/// One QEMU at a time; when it goes, the next may come.
/// </summary>
/// <remarks>One thread owns everything but the counters, and waits in one epoll.</remarks>
public sealed class VsockBackend : IDisposable
{
    /// <summary>sockaddr_un holds 107 bytes; the guest's ports add up to eleven to the path.</summary>
    private const int MaxPathBytes = 107;
    private const int MaxPortSuffixBytes = 11;

    private const ulong FrontEndToken = 0;
    private const ulong SessionToken = 1;
    private const ulong HostListenerToken = 2;
    private const ulong WakeToken = 3;
    private const ulong FirstKickToken = 4;
    private const ulong FirstConnectionToken = 16;

    /// <summary>rx, tx and the event queue, which carries nothing unless a guest is moved between hosts.</summary>
    private const int ToGuestQueue = 0;
    private const int FromGuestQueue = 1;
    private const int QueueCount = 3;

    /// <summary>How long the listener rests when there is no room or no descriptor for a connection.</summary>
    private const int AcceptRestMs = 20;

    private readonly VsockBackendOptions _options;
    private readonly Epoll _epoll = new();
    private readonly EventCounter _wake = new();
    private readonly VhostUserListener _frontEnd;
    private readonly SocketFile _hostListener;
    private readonly Vring[] _vrings;
    private readonly VsockDevice _device;
    private readonly Thread _thread;
    private bool _isAcceptResting;
    private long _acceptRestsFrom;
    private int _connections;
    private volatile bool _isStopping;

    private VsockBackend(VsockBackendOptions options)
    {
        _options = options;
        _vrings = [.. Enumerable.Range(0, QueueCount).Select(queue => new Vring(_epoll, FirstKickToken + (ulong)queue))];
        _device = new VsockDevice(options, _epoll, _vrings[ToGuestQueue], _vrings[FromGuestQueue], FirstConnectionToken);
        byte[] configuration = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(configuration, options.GuestCid);
        _frontEnd = new VhostUserListener(options.VhostSocketPath, _epoll, FrontEndToken, SessionToken, _vrings, configuration);
        try
        {
            _hostListener = SocketFile.Listen(options.HostSocketPath, 4096);
        }
        catch (SimulatorException)
        {
            _frontEnd.Dispose();
            throw;
        }

        _epoll.Add(_hostListener.Socket.Number, EpollEvents.In, HostListenerToken);
        _epoll.Add(_wake.Number, EpollEvents.In, WakeToken);
        _thread = new Thread(Run) { IsBackground = true, Name = "vsock back end" };
    }

    /// <summary>What it has seen so far. May be called from any thread.</summary>
    public VsockStatistics Statistics => _device.Counters.Read(Volatile.Read(ref _connections));

    /// <summary>Listens on both sockets and starts the thread.</summary>
    /// <exception cref="SimulatorException">SocketInUse, SocketPathTooLong.</exception>
    public static VsockBackend Start(VsockBackendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckPath(options.VhostSocketPath, MaxPathBytes);
        CheckPath(options.HostSocketPath, MaxPathBytes - MaxPortSuffixBytes);
        var backend = new VsockBackend(options);
        backend._thread.Start();
        return backend;
    }

    /// <summary>Ends the thread, closes every connection and removes both sockets.</summary>
    public void Dispose()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        _wake.Signal();
        _thread.Join();
        _device.Dispose();
        _frontEnd.Dispose();
        _hostListener.Dispose();
        _wake.Dispose();
        _epoll.Dispose();
    }

    private static void CheckPath(string path, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(path) > maxBytes)
        {
            throw new SimulatorException(SimulatorError.SocketPathTooLong, $"listen on {path}: more than {maxBytes} bytes");
        }
    }

    private void Run()
    {
        var events = new EpollEvent[64];
        while (!_isStopping)
        {
            int count = _epoll.Wait(events, WaitMs);
            _device.Counters.Turns++;
            foreach (EpollEvent ready in events.AsSpan(0, count))
            {
                Dispatch(ready);
            }

            ResumeAccepting();
            _device.DialAgain();
            _device.TakeFromGuest();
            _device.SendToGuest();
            SignalGuest();
            Volatile.Write(ref _connections, _device.ConnectionCount);
        }
    }

    private void SignalGuest()
    {
        try
        {
            foreach (Vring vring in _vrings)
            {
                vring.SignalGuest();
            }
        }
        catch (LinuxException)
        {
            EndSession();
        }
    }

    /// <summary>Not at all while rings were left with work, or a moment while something is tried again, or for ever.</summary>
    private int WaitMs => _device.HasMoreFromGuest || _device.HasMoreToGuest ? 0
        : _isAcceptResting ? AcceptRestMs
        : _device.WaitMs;

    private void Dispatch(EpollEvent ready)
    {
        switch (ready.Token)
        {
            case FrontEndToken:
                _frontEnd.Accept();
                break;
            case SessionToken:
                ServeSession();
                break;
            case HostListenerToken:
                AcceptHosts();
                break;
            case WakeToken:
                _wake.Take();
                break;
            case < FirstConnectionToken:
                Kicked((int)(ready.Token - FirstKickToken));
                break;
            default:
                _device.HostReady(ready.Token, ready.Events);
                break;
        }
    }

    private void ServeSession()
    {
        SessionChanges changes = _frontEnd.Serve();
        _device.Counters.RefusedMessages += _frontEnd.TakeRefused();
        if ((changes & (SessionChanges.Stopped | SessionChanges.Ended)) != 0)
        {
            _device.Reset();
        }

        if ((changes & SessionChanges.Started) != 0)
        {
            _device.QueueStarted();
        }
    }

    private void EndSession()
    {
        _device.Reset();
        _frontEnd.EndSession();
    }

    private void AcceptHosts()
    {
        // A bounded number, so that a crowd at the door does not keep the others waiting.
        for (int i = 0; i < 64; i++)
        {
            IoResult result = _device.HasRoom ? Accept(out IDescriptor? host) : Rest(out host);
            if (!result.IsDone)
            {
                return;
            }

            _device.HostConnected(host!);
        }
    }

    private IoResult Accept(out IDescriptor? host)
    {
        IoResult result = DescriptorIo.Accept(_hostListener.Socket, out host);
        return result.Status is IoStatus.Exhausted ? Rest(out _) : result;
    }

    /// <summary>Level-triggered epoll would report those that wait again and again.</summary>
    private IoResult Rest(out IDescriptor? host)
    {
        host = null;
        _isAcceptResting = true;
        _acceptRestsFrom = _options.Time.GetTimestamp();
        _epoll.Modify(_hostListener.Socket.Number, EpollEvents.None, HostListenerToken);
        return new IoResult(IoStatus.Exhausted, 0, Errno.None);
    }

    private void ResumeAccepting()
    {
        if (_isAcceptResting && _device.HasRoom && _options.Time.GetElapsedTime(_acceptRestsFrom).TotalMilliseconds >= AcceptRestMs)
        {
            _isAcceptResting = false;
            _epoll.Modify(_hostListener.Socket.Number, EpollEvents.In, HostListenerToken);
        }
    }

    private void Kicked(int queue)
    {
        try
        {
            if (!_vrings[queue].TakeKick())
            {
                return;
            }
        }
        catch (LinuxException)
        {
            EndSession();
            return;
        }

        if (queue == ToGuestQueue)
        {
            _device.ToGuestKicked();
        }
        else if (queue == FromGuestQueue)
        {
            _device.FromGuestKicked();
        }
    }
}
