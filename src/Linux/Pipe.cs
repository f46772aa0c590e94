using System.Globalization;
using Init.Linux.Headers;
using static Init.Linux.Headers.fcntl_h;

namespace Init.Linux;

/// <summary>A pipe of a chosen size: pipe(7). Another process can be given its path.</summary>
public sealed class Pipe : IDisposable
{
    /// <summary>Makes one; both ends are non-blocking for us. Whoever opens <see cref="WritePath"/> decides that for itself.</summary>
    /// <param name="capacityBytes">How much it holds unread; the kernel rounds up to a power of two, and to a page at least.</param>
    /// <exception cref="LinuxException">EMFILE, EPERM (larger than /proc/sys/fs/pipe-max-size) and others.</exception>
    public unsafe Pipe(int capacityBytes)
    {
        const string Operation = "make a pipe";

        // Sound: the kernel writes two ints.
        int* numbers = stackalloc int[2];
        if (unistd_h.pipe2(numbers, O_NONBLOCK | O_CLOEXEC) < 0)
        {
            throw LinuxException.FromLastError(Operation);
        }

        var writeEnd = new FileDescriptor(numbers[1]);
        ReadEnd = new KernelDescriptor(new FileDescriptor(numbers[0]));
        WriteEnd = new KernelDescriptor(writeEnd);
        WritePath = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{writeEnd.Number}");
        if (fcntl(writeEnd, F_SETPIPE_SZ, capacityBytes) < 0)
        {
            LinuxException failure = LinuxException.FromLastError(Operation);
            Dispose();
            throw failure;
        }
    }

    /// <summary>Where bytes come out; the end of the stream when nobody has the other end open.</summary>
    public KernelDescriptor ReadEnd { get; }

    /// <summary>Where bytes go in.</summary>
    public KernelDescriptor WriteEnd { get; }

    /// <summary>A path by which a process of the same user opens the writing end anew, while we have it open (proc(5), /proc/pid/fd).</summary>
    public string WritePath { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        ReadEnd.Dispose();
        WriteEnd.Dispose();
    }
}
