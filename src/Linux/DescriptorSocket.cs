using System.Runtime.InteropServices;
using static Init.Linux.Headers.sys_socket_h;

namespace Init.Linux;

/// <summary>
/// A Unix socket that carries open descriptors along with its bytes: SCM_RIGHTS, unix(7). An <see cref="IDescriptor"/>, so that
/// <see cref="DescriptorIo"/> decides for it too.
/// </summary>
/// <remarks>
/// The kernel delivers descriptors with the first byte of the write they went with, and never merges two such writes in one read.
/// </remarks>
public sealed class DescriptorSocket : IDescriptor
{
    /// <summary>The most descriptors that one write takes, one read accepts, and are kept until taken. vhost-user sends 8 at most.</summary>
    public const int MaxDescriptors = 16;

    private readonly KernelDescriptor _socket;
    private readonly List<FileDescriptor> _attached = [];
    private readonly List<FileDescriptor> _received = [];

    /// <summary>Takes ownership of a Unix stream socket.</summary>
    public DescriptorSocket(KernelDescriptor socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _socket = socket;
    }

    /// <inheritdoc/>
    public int Number => _socket.Number;

    /// <inheritdoc/>
    public PeerAddress Peer => _socket.Peer;

    /// <summary>Sends copies of descriptors with the next byte written. The caller goes on owning them, and keeps them open until then.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxDescriptors"/>.</exception>
    public void Attach(params ReadOnlySpan<FileDescriptor> descriptors)
    {
        if (_attached.Count + descriptors.Length > MaxDescriptors)
        {
            throw new ArgumentException("too many descriptors for one write", nameof(descriptors));
        }

        _attached.AddRange(descriptors);
    }

    /// <summary>The descriptors received since the last call, in their order. The caller owns them.</summary>
    public FileDescriptor[] TakeReceived()
    {
        FileDescriptor[] taken = [.. _received];
        _received.Clear();
        return taken;
    }

    /// <summary>recvmsg(2), once. -EMSGSIZE when more descriptors came than are accepted; they are closed.</summary>
    public unsafe int Read(Span<byte> buffer)
    {
        // Sound: the kernel writes no more than the two lengths say; both buffers stay where they are until it has.
        ulong* control = stackalloc ulong[ControlBytes(MaxDescriptors) / sizeof(ulong)];
        fixed (byte* start = buffer)
        {
            var vector = new iovec { iov_base = start, iov_len = (nuint)buffer.Length };
            var message = new msghdr
            {
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = control,
                msg_controllen = (nuint)ControlBytes(MaxDescriptors),
            };
            nint count = recvmsg(_socket.Descriptor, &message, MSG_CMSG_CLOEXEC);
            if (count < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            Keep((cmsghdr*)control, message.msg_controllen);
            if ((message.msg_flags & MSG_CTRUNC) == 0 && _received.Count <= MaxDescriptors)
            {
                return (int)count;
            }

            CloseReceived();
            return -(int)Errno.EMSGSIZE;
        }
    }

    /// <summary>sendmsg(2), once, with what was attached.</summary>
    public unsafe int Write(ReadOnlySpan<byte> buffer)
    {
        // Sound: the control buffer has room for as many as Attach lets in; both buffers stay where they are until the call returns.
        ulong* control = stackalloc ulong[ControlBytes(MaxDescriptors) / sizeof(ulong)];
        fixed (byte* start = buffer)
        {
            var vector = new iovec { iov_base = (void*)start, iov_len = (nuint)buffer.Length };
            var message = new msghdr { msg_iov = &vector, msg_iovlen = 1 };
            if (_attached.Count > 0)
            {
                *(cmsghdr*)control = new cmsghdr
                {
                    cmsg_len = (nuint)(sizeof(cmsghdr) + (_attached.Count * sizeof(int))),
                    cmsg_level = SOL_SOCKET,
                    cmsg_type = SCM_RIGHTS,
                };
                message.msg_control = control;
                message.msg_controllen = (nuint)ControlBytes(_attached.Count);
                int* numbers = (int*)((byte*)control + sizeof(cmsghdr));
                for (int i = 0; i < _attached.Count; i++)
                {
                    numbers[i] = _attached[i].Number;
                }
            }

            nint count = sendmsg(_socket.Descriptor, &message, MSG_NOSIGNAL);
            if (count < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            _attached.Clear();
            return (int)count;
        }
    }

    /// <inheritdoc/>
    public int Accept(out IDescriptor? connection) => _socket.Accept(out connection);

    /// <inheritdoc/>
    public int ConnectError() => _socket.ConnectError();

    /// <inheritdoc/>
    public int Poll(PollEvents events, int timeoutMs) => _socket.Poll(events, timeoutMs);

    /// <inheritdoc/>
    public int Shutdown(ShutdownSides sides) => _socket.Shutdown(sides);

    /// <summary>Closes the socket, and what was received and not taken.</summary>
    public void Dispose()
    {
        CloseReceived();
        _socket.Dispose();
    }

    /// <summary>CMSG_SPACE: a header, the numbers, and the padding to 8 bytes.</summary>
    internal static unsafe int ControlBytes(int descriptors) => sizeof(cmsghdr) + (((descriptors * sizeof(int)) + 7) & ~7);

    // Sound: a message whose header or length passes the end that the kernel gave ends the walk.
    private unsafe void Keep(cmsghdr* control, nuint controlBytes)
    {
        nuint position = 0;
        while (controlBytes - position >= (nuint)sizeof(cmsghdr))
        {
            cmsghdr* header = (cmsghdr*)((byte*)control + position);
            if (header->cmsg_len < (nuint)sizeof(cmsghdr) || header->cmsg_len > controlBytes - position)
            {
                return;
            }

            if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
            {
                int* numbers = (int*)(header + 1);
                int count = (int)(header->cmsg_len - (nuint)sizeof(cmsghdr)) / sizeof(int);
                for (int i = 0; i < count; i++)
                {
                    _received.Add(new FileDescriptor(numbers[i]));
                }
            }

            position += Math.Min((header->cmsg_len + 7) & ~(nuint)7, controlBytes - position);
        }
    }

    private void CloseReceived()
    {
        foreach (FileDescriptor descriptor in TakeReceived())
        {
            descriptor.Dispose();
        }
    }
}
