using Init.Linux.Headers;
using static Init.Linux.Headers.sys_socket_h;

namespace Init.Linux;

/// <summary>What vsock and Unix sockets share.</summary>
internal static class Sockets
{
    /// <summary>A close-on-exec stream socket.</summary>
    public static FileDescriptor Create(int family, bool blocking, string operation) =>
        FileDescriptor.FromCall(socket(family, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0), operation);

    /// <summary>Sets an option to a blittable value.</summary>
    public static unsafe void Set<T>(FileDescriptor socket, int level, int option, T value, string operation)
        where T : unmanaged
    {
        // Sound: the value is on this stack, and the kernel reads its size at most.
        if (setsockopt(socket, level, option, &value, (uint)sizeof(T)) < 0)
        {
            throw LinuxException.FromLastError(operation);
        }
    }

    /// <summary>Sets O_NONBLOCK.</summary>
    public static void StopBlocking(FileDescriptor socket, string operation)
    {
        int flags = fcntl_h.fcntl(socket, fcntl_h.F_GETFL, 0);
        if (flags < 0 || fcntl_h.fcntl(socket, fcntl_h.F_SETFL, flags | fcntl_h.O_NONBLOCK) < 0)
        {
            throw LinuxException.FromLastError(operation);
        }
    }

    /// <summary>What to throw for an operation that was not done.</summary>
    public static LinuxException Failure(string operation, IoResult result) =>
        new(operation, result.Errno == Errno.None ? Errno.ETIMEDOUT : result.Errno);

    /// <summary>A time as the struct that socket options take. A zero would mean for ever, so the least is a microsecond.</summary>
    public static time_h.timeval TimeOf(TimeSpan time)
    {
        long microseconds = Math.Max(1, (long)time.TotalMicroseconds);
        return new time_h.timeval { tv_sec = microseconds / 1_000_000, tv_usec = microseconds % 1_000_000 };
    }
}
