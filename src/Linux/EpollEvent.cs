using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>One descriptor that is ready. Laid out as the kernel writes it, so that waiting allocates and copies nothing.</summary>
public readonly struct EpollEvent
{
    private readonly sys_epoll_h.epoll_event _native;

    internal EpollEvent(EpollEvents events, ulong token)
    {
        _native.events = (uint)events;
        _native.data = token;
    }

    /// <summary>What holds.</summary>
    public EpollEvents Events => (EpollEvents)_native.events;

    /// <summary>What was given to <see cref="Epoll.Add"/>.</summary>
    public ulong Token => _native.data;
}
