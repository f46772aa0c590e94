using System.Globalization;
using static Init.Linux.Headers.sys_epoll_h;

namespace Init.Linux;

/// <summary>Waits for many descriptors at once: epoll(7), level-triggered.</summary>
/// <remarks>
/// Add, Modify and Remove may be called from other threads than the one that waits. A descriptor that is closed leaves by itself,
/// but events already reported for it can still be in the span of the wait: tokens must not be reused within one.
/// </remarks>
public sealed class Epoll : IDisposable
{
    private readonly FileDescriptor _epoll = FileDescriptor.FromCall(epoll_create1(EPOLL_CLOEXEC), "make an epoll");

    /// <summary>Starts watching a descriptor.</summary>
    /// <param name="number">The descriptor's number.</param>
    /// <param name="events">What to wait for.</param>
    /// <param name="token">What its events carry.</param>
    /// <exception cref="LinuxException">EEXIST, ENOMEM, ENOSPC, EPERM (a regular file) and others.</exception>
    public void Add(int number, EpollEvents events, ulong token) => Control(EPOLL_CTL_ADD, number, new EpollEvent(events, token));

    /// <summary>Changes what a watched descriptor is watched for.</summary>
    /// <exception cref="LinuxException">ENOENT and others.</exception>
    public void Modify(int number, EpollEvents events, ulong token) => Control(EPOLL_CTL_MOD, number, new EpollEvent(events, token));

    /// <summary>Stops watching a descriptor.</summary>
    /// <exception cref="LinuxException">ENOENT and others.</exception>
    public void Remove(int number) => Control(EPOLL_CTL_DEL, number, default);

    /// <summary>Waits until a descriptor is ready, or for a time. Blocks. An interruption (EINTR) ends the wait as the time's end does.</summary>
    /// <param name="events">Filled from its start; not empty.</param>
    /// <param name="timeoutMs">How long to wait, in milliseconds; -1 until something happens.</param>
    /// <returns>How many events were written.</returns>
    /// <exception cref="LinuxException">EBADF and others: a bug.</exception>
    public unsafe int Wait(Span<EpollEvent> events, int timeoutMs)
    {
        // Sound: EpollEvent holds one epoll_event and nothing else, and the kernel writes at most events.Length of them.
        fixed (EpollEvent* start = events)
        {
            int count = epoll_wait(_epoll, (epoll_event*)start, events.Length, timeoutMs);
            if (count >= 0)
            {
                return count;
            }

            return LinuxException.LastErrno() == Errno.EINTR ? 0 : throw LinuxException.FromLastError("wait for events");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _epoll.Dispose();

    private unsafe void Control(int operation, int number, EpollEvent @event)
    {
        // Sound: as in Wait, one of them, on this stack.
        if (epoll_ctl(_epoll, operation, number, (epoll_event*)&@event) < 0)
        {
            string verb = operation switch
            {
                EPOLL_CTL_ADD => "watch",
                EPOLL_CTL_MOD => "go on watching",
                _ => "stop watching",
            };
            throw LinuxException.FromLastError(string.Create(CultureInfo.InvariantCulture, $"{verb} descriptor {number}"));
        }
    }
}
