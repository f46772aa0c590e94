using Init.Linux;
using Init.Simulator.VhostUser.Protocol;

namespace Init.Simulator.VhostUser.Rings;

/// <summary>What the front end has said about one queue, and the queue itself once it has said enough.</summary>
internal sealed class Vring(Epoll epoll, ulong kickToken)
{
    private VringAddresses? _addresses;
    private uint _size;
    private ushort _base;
    private EventCounter? _kick;
    private EventCounter? _call;

    /// <summary>The queue while it runs, else null.</summary>
    public Virtqueue? Queue { get; private set; }

    /// <summary>Whether the front end lets the queue run.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>SET_VRING_NUM. False: no queue has that size.</summary>
    public bool TrySetSize(uint size)
    {
        _size = size;
        return size is > 0 and <= Virtqueue.MaxSize;
    }

    /// <summary>SET_VRING_BASE.</summary>
    public void SetBase(ushort nextAvailable) => _base = nextAvailable;

    /// <summary>SET_VRING_ADDR.</summary>
    public void SetAddresses(VringAddresses addresses) => _addresses = addresses;

    /// <summary>SET_VRING_KICK, which the guest's driver signals when it has made something available; takes ownership.</summary>
    /// <exception cref="LinuxException">EPERM: it is nothing that can be waited for.</exception>
    public void SetKick(EventCounter? kick)
    {
        if (_kick is not null)
        {
            // Closing is not enough: QEMU has the same eventfd open, and epoll would go on reporting it under a token of ours.
            epoll.Remove(_kick.Number);
            _kick.Dispose();
            _kick = null;
        }

        if (kick is null)
        {
            return;
        }

        try
        {
            epoll.Add(kick.Number, EpollEvents.In, kickToken);
            _kick = kick;
        }
        catch (LinuxException)
        {
            kick.Dispose();
            throw;
        }
    }

    /// <summary>SET_VRING_CALL, which raises the guest's interrupt; takes ownership.</summary>
    public void SetCall(EventCounter? call)
    {
        _call?.Dispose();
        _call = call;
    }

    /// <summary>Starts the queue if everything is there. False: something is, and is wrong.</summary>
    public bool TryStart(GuestMemory memory)
    {
        if (Queue is not null || !IsEnabled || _kick is null || _addresses is null)
        {
            return true;
        }

        Queue = Virtqueue.TryMap(memory, _addresses.Value, _size, _base);
        return Queue is not null;
    }

    /// <summary>Takes the queue out of memory, to be started again where it stopped.</summary>
    public void Suspend()
    {
        _base = Queue?.NextAvailable ?? _base;
        Queue = null;
    }

    /// <summary>GET_VRING_BASE: stops the queue and says where.</summary>
    public ushort Stop()
    {
        Suspend();
        SetKick(null);
        IsEnabled = false;
        return _base;
    }

    /// <summary>Whether the guest has kicked since this was last asked. The queue may have been stopped meanwhile.</summary>
    /// <exception cref="LinuxException">What the front end sent is no eventfd.</exception>
    public bool TakeKick() => _kick is not null && _kick.Take() > 0;

    /// <summary>Raises the guest's interrupt if something was given back and it wants to know.</summary>
    /// <exception cref="LinuxException">What the front end sent is no eventfd.</exception>
    public void SignalGuest()
    {
        if (Queue is not null && Queue.TakeSignal())
        {
            _call?.Signal();
        }
    }

    /// <summary>The front end has gone: nothing that it said counts any more.</summary>
    public void Clear()
    {
        Stop();
        SetCall(null);
        _addresses = null;
        _size = 0;
        _base = 0;
    }
}
