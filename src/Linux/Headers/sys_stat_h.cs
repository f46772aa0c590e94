using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/stat.h.</summary>
internal static unsafe partial class sys_stat_h
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int mkdir(byte* pathname, uint mode);
}
