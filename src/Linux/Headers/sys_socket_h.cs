using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/socket.h.</summary>
internal static unsafe partial class sys_socket_h
{
    internal const int AF_UNIX = 1;
    internal const int AF_VSOCK = 40;

    internal const int SOCK_STREAM = 1;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOCK_CLOEXEC = 0x80000;

    internal const int SOL_SOCKET = 1;
    internal const int SO_ERROR = 4;
    internal const int SO_SNDTIMEO = 21;

    internal const int SHUT_RD = 0;
    internal const int SHUT_WR = 1;
    internal const int SHUT_RDWR = 2;

    internal const int SCM_RIGHTS = 1;
    internal const int MSG_CTRUNC = 0x8;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int MSG_CMSG_CLOEXEC = 0x40000000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socketpair(int domain, int type, int protocol, int* sv);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int bind(FileDescriptor sockfd, void* addr, uint addrlen);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int listen(FileDescriptor sockfd, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int accept4(FileDescriptor sockfd, void* addr, uint* addrlen, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int connect(FileDescriptor sockfd, void* addr, uint addrlen);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int shutdown(FileDescriptor sockfd, int how);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getsockopt(FileDescriptor sockfd, int level, int optname, void* optval, uint* optlen);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setsockopt(FileDescriptor sockfd, int level, int optname, void* optval, uint optlen);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint sendmsg(FileDescriptor sockfd, msghdr* msg, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint recvmsg(FileDescriptor sockfd, msghdr* msg, int flags);

    [StructLayout(LayoutKind.Sequential)]
    internal struct @iovec
    {
        internal void* iov_base;
        internal nuint iov_len;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct @msghdr
    {
        internal void* msg_name;
        internal uint msg_namelen;
        internal iovec* msg_iov;
        internal nuint msg_iovlen;
        internal void* msg_control;
        internal nuint msg_controllen;
        internal int msg_flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct @cmsghdr
    {
        internal nuint cmsg_len;
        internal int cmsg_level;
        internal int cmsg_type;
    }

    /// <summary>What accept4 may write whatever the family: as large as the largest address.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct sockaddr_storage
    {
        internal ushort ss_family;
    }
}
