using System.Globalization;
using System.Runtime.InteropServices;
using Init.Linux.Headers;
using static Init.Linux.Headers.linux_vm_sockets_h;
using static Init.Linux.Headers.sys_socket_h;

namespace Init.Linux;

/// <summary>Stream sockets between virtual machines: vsock(7).</summary>
public static class Vsock
{
    /// <summary>Any context id: a listener that takes connections whichever way they come.</summary>
    public const uint CidAny = VMADDR_CID_ANY;

    /// <summary>The hypervisor's host, as QEMU and Firecracker present it.</summary>
    public const uint CidHost = VMADDR_CID_HOST;

    /// <summary>The parent instance of a Nitro Enclave.</summary>
    public const uint CidParent = 3;

    /// <summary>
    /// The receive window by default, in bytes. The kernel's own 256 KiB is reset under about 455 small packets queued unread
    /// (6.12.92 and later count what a packet costs).
    /// </summary>
    public const long DefaultWindowBytes = 4 * 1024 * 1024;

    // The kernel clamps SIZE to MAX, so MAX must be first.
    internal static ReadOnlySpan<int> WindowOptions => [SO_VM_SOCKETS_BUFFER_MAX_SIZE, SO_VM_SOCKETS_BUFFER_SIZE];

    /// <summary>This machine's own context id (IOCTL_VM_SOCKETS_GET_LOCAL_CID).</summary>
    /// <exception cref="LinuxException">There is no /dev/vsock, or no transport.</exception>
    public static unsafe uint LocalCid()
    {
        using FileDescriptor device = FileSystem.Open("/dev/vsock", OpenOptions.ReadOnly);
        uint cid = 0;

        // Sound: the ioctl writes one unsigned int, which is on this stack.
        return sys_ioctl_h.ioctl(device, IOCTL_VM_SOCKETS_GET_LOCAL_CID, &cid) < 0
            ? throw LinuxException.FromLastError("read the CID of /dev/vsock")
            : cid;
    }

    /// <summary>A listening socket, non-blocking; what it accepts inherits its window.</summary>
    /// <param name="cid">The context id to listen on; <see cref="CidAny"/> for every one of ours.</param>
    /// <param name="port">The port.</param>
    /// <param name="backlog">How many connections may wait to be accepted.</param>
    /// <param name="windowBytes">The receive window of each connection.</param>
    /// <exception cref="LinuxException">EADDRINUSE and others.</exception>
    public static unsafe KernelDescriptor Listen(uint cid, uint port, int backlog, long windowBytes = DefaultWindowBytes)
    {
        string operation = string.Create(CultureInfo.InvariantCulture, $"listen on vsock port {port}");
        FileDescriptor socket = Sockets.Create(AF_VSOCK, blocking: false, operation);
        try
        {
            SetWindow(socket, windowBytes, operation);

            // Sound: the address is on this stack, and the kernel reads its size at most.
            sockaddr_vm address = AddressOf(cid, port);
            if (bind(socket, &address, (uint)sizeof(sockaddr_vm)) < 0 || listen(socket, backlog) < 0)
            {
                throw LinuxException.FromLastError(operation);
            }

            return new KernelDescriptor(socket);
        }
        catch (LinuxException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects, waiting for at most a time. The connection is non-blocking.</summary>
    /// <param name="cid">Whom to connect to.</param>
    /// <param name="port">The peer's port.</param>
    /// <param name="timeout">How long to wait; the kernel gives up no later.</param>
    /// <param name="windowBytes">The receive window.</param>
    /// <exception cref="LinuxException">ETIMEDOUT, ECONNRESET (nobody listens), ENODEV and others.</exception>
    public static KernelDescriptor Connect(uint cid, uint port, TimeSpan timeout, long windowBytes = DefaultWindowBytes)
    {
        Deadline deadline = Deadline.After(timeout);
        string operation = string.Create(CultureInfo.InvariantCulture, $"connect to vsock {cid}:{port}");
        FileDescriptor socket = Sockets.Create(AF_VSOCK, blocking: false, operation);
        var descriptor = new KernelDescriptor(socket, new PeerAddress(cid, port));
        try
        {
            SetWindow(socket, windowBytes, operation);
            Sockets.Set(socket, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, Sockets.TimeOf(timeout), operation);
            IoResult result = DescriptorIo.FinishConnect(descriptor, Start(socket, cid, port), deadline);
            return result.IsDone ? descriptor : throw Sockets.Failure(operation, result);
        }
        catch (LinuxException)
        {
            descriptor.Dispose();
            throw;
        }
    }

    internal static sockaddr_vm AddressOf(uint cid, uint port) => new() { svm_family = AF_VSOCK, svm_cid = cid, svm_port = port };

    private static unsafe int Start(FileDescriptor socket, uint cid, uint port)
    {
        // Sound: the address is on this stack, and the kernel reads its size at most.
        sockaddr_vm address = AddressOf(cid, port);
        return connect(socket, &address, (uint)sizeof(sockaddr_vm)) < 0 ? -Marshal.GetLastPInvokeError() : 0;
    }

    private static void SetWindow(FileDescriptor socket, long bytes, string operation)
    {
        foreach (int option in WindowOptions)
        {
            Sockets.Set(socket, AF_VSOCK, option, (ulong)bytes, operation);
        }
    }
}
