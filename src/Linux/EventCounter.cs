using System.Runtime.InteropServices;
using static Init.Linux.Headers.sys_eventfd_h;

namespace Init.Linux;

/// <summary>A counter that wakes whoever waits for it: eventfd(2). How other threads wake an epoll loop.</summary>
public sealed class EventCounter : IDisposable
{
    private readonly KernelDescriptor _descriptor;

    /// <summary>Takes ownership of an eventfd that another process made, as vhost-user's kick and call are.</summary>
    public EventCounter(FileDescriptor descriptor) => _descriptor = new KernelDescriptor(descriptor);

    /// <summary>A new counter at 0.</summary>
    public EventCounter()
        : this(FileDescriptor.FromCall(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "make an eventfd"))
    {
    }

    /// <summary>For <see cref="Epoll"/>: ready to read while the count is not 0.</summary>
    public int Number => _descriptor.Number;

    /// <summary>Adds one. Never blocks: a counter that is full wakes its reader all the same.</summary>
    /// <exception cref="LinuxException">EBADF and others: a bug.</exception>
    public void Signal()
    {
        ulong one = 1;
        IoResult result = DescriptorIo.Write(_descriptor, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in one)));
        if (!result.IsDone && result.Status != IoStatus.WouldBlock)
        {
            throw new LinuxException("signal an eventfd", result.Errno);
        }
    }

    /// <summary>How often it was signalled since the last call. Never blocks.</summary>
    /// <exception cref="LinuxException">EBADF and others: a bug.</exception>
    public ulong Take() => Counters.Take(_descriptor, "read an eventfd");

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}
