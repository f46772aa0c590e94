using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/random.h.</summary>
internal static unsafe partial class sys_random_h
{
    internal const uint GRND_NONBLOCK = 1;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint getrandom(byte* buf, nuint buflen, uint flags);
}
