using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/reboot.h.</summary>
internal static partial class sys_reboot_h
{
    internal const int RB_AUTOBOOT = 0x01234567;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int reboot(int cmd);
}
