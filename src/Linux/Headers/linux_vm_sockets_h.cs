using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>linux/vm_sockets.h, vsock(7).</summary>
internal static class linux_vm_sockets_h
{
    internal const int SO_VM_SOCKETS_BUFFER_SIZE = 0;
    internal const int SO_VM_SOCKETS_BUFFER_MAX_SIZE = 2;

    /// <summary>The option's number for a <c>struct timeval</c> of the kernel's own width; 64-bit programs call it SO_VM_SOCKETS_CONNECT_TIMEOUT.</summary>
    internal const int SO_VM_SOCKETS_CONNECT_TIMEOUT = 6;

    internal const uint VMADDR_CID_ANY = 0xFFFFFFFF;
    internal const uint VMADDR_CID_HOST = 2;

    internal const uint IOCTL_VM_SOCKETS_GET_LOCAL_CID = 0x7B9;

    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_vm
    {
        internal ushort svm_family;
        internal ushort svm_reserved1;
        internal uint svm_port;
        internal uint svm_cid;
        internal byte svm_flags;
        internal svm_zero_bytes svm_zero;
    }

    [InlineArray(3)]
    internal struct svm_zero_bytes
    {
        private byte _first;
    }
}
