using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>linux/nsm.h, in the kernel since 6.8 (drivers/misc/nsm.c).</summary>
internal static class linux_nsm_h
{
    internal const uint NSM_IOCTL_RAW = 0xC0200A00;

    [StructLayout(LayoutKind.Sequential)]
    internal struct nsm_iovec
    {
        internal ulong addr;
        internal ulong len;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct nsm_raw
    {
        internal nsm_iovec request;
        internal nsm_iovec response;
    }
}
