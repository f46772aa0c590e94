using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/ioctl.h.</summary>
internal static unsafe partial class sys_ioctl_h
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ioctl(FileDescriptor fd, nuint request, void* argument);
}
