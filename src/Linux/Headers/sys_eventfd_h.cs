using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/eventfd.h.</summary>
internal static partial class sys_eventfd_h
{
    internal const int EFD_NONBLOCK = 0x800;
    internal const int EFD_CLOEXEC = 0x80000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int eventfd(uint initval, int flags);
}
