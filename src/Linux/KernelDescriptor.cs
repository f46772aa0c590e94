using System.Runtime.InteropServices;
using Init.Linux.Headers;
using static Init.Linux.Headers.linux_vm_sockets_h;
using static Init.Linux.Headers.sys_socket_h;

namespace Init.Linux;

/// <summary>The calls of <see cref="IDescriptor"/> made to the kernel.</summary>
public sealed class KernelDescriptor : IDescriptor
{
    private readonly FileDescriptor _descriptor;

    /// <summary>Takes ownership of a descriptor.</summary>
    public KernelDescriptor(FileDescriptor descriptor)
        : this(descriptor, PeerAddress.None)
    {
    }

    internal KernelDescriptor(FileDescriptor descriptor, PeerAddress peer)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        _descriptor = descriptor;
        Peer = peer;
    }

    /// <inheritdoc/>
    public int Number => _descriptor.Number;

    /// <inheritdoc/>
    public PeerAddress Peer { get; }

    /// <summary>What this wraps.</summary>
    internal FileDescriptor Descriptor => _descriptor;

    /// <inheritdoc/>
    public unsafe int Read(Span<byte> buffer)
    {
        // Sound: the kernel writes at most buffer.Length bytes, and the buffer stays where it is until it has.
        fixed (byte* start = buffer)
        {
            return Outcome(unistd_h.read(_descriptor, start, (nuint)buffer.Length));
        }
    }

    /// <inheritdoc/>
    public unsafe int Write(ReadOnlySpan<byte> buffer)
    {
        // Sound: the kernel reads at most buffer.Length bytes, and the buffer stays where it is until it has.
        fixed (byte* start = buffer)
        {
            return Outcome(unistd_h.write(_descriptor, start, (nuint)buffer.Length));
        }
    }

    /// <inheritdoc/>
    public unsafe int Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        // Sound: the kernel reads at most the two lengths, and both stay where they are until it has; the vectors are on this stack.
        fixed (byte* start = first, rest = second)
        {
            iovec* pieces = stackalloc iovec[2];
            pieces[0] = new iovec { iov_base = start, iov_len = (nuint)first.Length };
            pieces[1] = new iovec { iov_base = rest, iov_len = (nuint)second.Length };
            return Outcome(sys_uio_h.writev(_descriptor, pieces, 2));
        }
    }

    /// <inheritdoc/>
    public unsafe int Accept(out IDescriptor? connection)
    {
        // Sound: both are on this stack, and the kernel writes at most addressBytes of the address.
        sockaddr_storage address = default;
        uint addressBytes = (uint)sizeof(sockaddr_storage);
        int outcome = Outcome(accept4(_descriptor, &address, &addressBytes, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (outcome < 0)
        {
            connection = null;
            return outcome;
        }

        // Sound: sockaddr_storage is larger than sockaddr_vm and at least as aligned.
        sockaddr_vm* vm = (sockaddr_vm*)&address;
        PeerAddress peer = address.ss_family == AF_VSOCK ? new PeerAddress(vm->svm_cid, vm->svm_port) : PeerAddress.None;
        connection = new KernelDescriptor(new FileDescriptor(outcome), peer);
        return 0;
    }

    /// <inheritdoc/>
    public unsafe int ConnectError()
    {
        // Sound: SO_ERROR is an int, and the kernel writes at most `bytes` bytes of it.
        int error = 0;
        uint bytes = sizeof(int);
        int outcome = Outcome(getsockopt(_descriptor, SOL_SOCKET, SO_ERROR, &error, &bytes));
        return outcome < 0 ? outcome : -error;
    }

    /// <inheritdoc/>
    public unsafe int Poll(PollEvents events, int timeoutMs)
    {
        // poll(2) waits for ever when the time is negative.
        ArgumentOutOfRangeException.ThrowIfNegative(timeoutMs);

        // Sound: one pollfd on this stack.
        var entry = new poll_h.pollfd { fd = Number, events = (short)events };
        int outcome = Outcome(poll_h.poll(&entry, 1, timeoutMs));
        return outcome > 0 ? entry.revents : outcome;
    }

    /// <inheritdoc/>
    public int Shutdown(ShutdownSides sides) => Outcome(shutdown(_descriptor, (int)sides));

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    private static int Outcome(nint result) => result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();
}
