using System.Runtime.InteropServices;
using static Init.Linux.Headers.sys_socket_h;

namespace Init.Linux.Headers;

/// <summary>sys/uio.h. Its iovec stands with msghdr, which is made of them.</summary>
internal static unsafe partial class sys_uio_h
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint writev(FileDescriptor fd, iovec* iov, int iovcnt);
}
