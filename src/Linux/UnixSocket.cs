using System.Runtime.InteropServices;
using System.Text;
using static Init.Linux.Headers.sys_socket_h;
using static Init.Linux.Headers.sys_un_h;

namespace Init.Linux;

/// <summary>Stream sockets in the file system: unix(7). They stand in for vsock where there is no hypervisor.</summary>
public static class UnixSocket
{
    /// <summary>A listening socket, non-blocking. The path must not exist; it outlives the socket.</summary>
    /// <exception cref="LinuxException">EADDRINUSE, ENAMETOOLONG (107 bytes are the most) and others.</exception>
    public static unsafe KernelDescriptor Listen(string path, int backlog)
    {
        string operation = $"listen on {path}";
        sockaddr_un address = AddressOf(path, operation);
        FileDescriptor socket = Sockets.Create(AF_UNIX, blocking: false, operation);

        // Sound: the address is on this stack, and the kernel reads its size at most.
        if (bind(socket, &address, (uint)sizeof(sockaddr_un)) < 0 || listen(socket, backlog) < 0)
        {
            LinuxException failure = LinuxException.FromLastError(operation);
            socket.Dispose();
            throw failure;
        }

        return new KernelDescriptor(socket);
    }

    /// <summary>Connects, waiting for at most a time while the listener's backlog is full. The connection is non-blocking.</summary>
    /// <exception cref="LinuxException">ECONNREFUSED, ENOENT, ETIMEDOUT and others.</exception>
    public static KernelDescriptor Connect(string path, TimeSpan timeout)
    {
        Deadline deadline = Deadline.After(timeout);
        string operation = $"connect to {path}";
        sockaddr_un address = AddressOf(path, operation);

        // A non-blocking attempt cannot wait for the backlog (EAGAIN, and poll(2) does not tell when): this one blocks, by SO_SNDTIMEO.
        FileDescriptor socket = Sockets.Create(AF_UNIX, blocking: true, operation);
        try
        {
            int outcome;
            do
            {
                Sockets.Set(socket, SOL_SOCKET, SO_SNDTIMEO, Sockets.TimeOf(deadline.Remaining), operation);
                outcome = Start(socket, address);
            }
            while (outcome == -(int)Errno.EINTR && !deadline.HasPassed);

            if (outcome < 0)
            {
                bool late = outcome is -(int)Errno.EAGAIN or -(int)Errno.EINTR;
                throw new LinuxException(operation, late ? Errno.ETIMEDOUT : (Errno)(-outcome));
            }

            Sockets.StopBlocking(socket, operation);
            return new KernelDescriptor(socket);
        }
        catch (LinuxException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Two sockets connected to each other, non-blocking.</summary>
    /// <exception cref="LinuxException">EMFILE and others.</exception>
    public static unsafe (KernelDescriptor First, KernelDescriptor Second) Pair()
    {
        // Sound: the kernel writes two ints.
        int* numbers = stackalloc int[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, numbers) < 0)
        {
            throw LinuxException.FromLastError("make a socket pair");
        }

        return (new KernelDescriptor(new FileDescriptor(numbers[0])), new KernelDescriptor(new FileDescriptor(numbers[1])));
    }

    private static unsafe int Start(FileDescriptor socket, sockaddr_un address) =>

        // Sound: the address is on this stack, and the kernel reads its size at most.
        connect(socket, &address, (uint)sizeof(sockaddr_un)) < 0 ? -Marshal.GetLastPInvokeError() : 0;

    private static sockaddr_un AddressOf(string path, string operation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var address = new sockaddr_un { sun_family = AF_UNIX };
        Span<byte> bytes = address.sun_path;

        // The last byte stays 0: a path that fills all 108 is legal for the kernel and a trap for everybody else (unix(7), BUGS).
        if (!Encoding.UTF8.TryGetBytes(path, bytes[..^1], out _))
        {
            throw new LinuxException(operation, Errno.ENAMETOOLONG);
        }

        return address;
    }
}
