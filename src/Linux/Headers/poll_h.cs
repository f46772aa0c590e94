using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>poll.h.</summary>
internal static unsafe partial class poll_h
{
    internal const int POLLIN = 0x1;
    internal const int POLLOUT = 0x4;
    internal const int POLLERR = 0x8;
    internal const int POLLHUP = 0x10;
    internal const int POLLNVAL = 0x20;
    internal const int POLLRDHUP = 0x2000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int poll(pollfd* fds, nuint nfds, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    internal struct @pollfd
    {
        internal int fd;
        internal short events;
        internal short revents;
    }
}
