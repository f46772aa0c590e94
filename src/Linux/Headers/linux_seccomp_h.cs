using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>linux/seccomp.h, seccomp(2).</summary>
internal static class linux_seccomp_h
{
    internal const uint SECCOMP_SET_MODE_FILTER = 1;
    internal const uint SECCOMP_FILTER_FLAG_TSYNC = 1;

    internal const uint SECCOMP_RET_KILL_PROCESS = 0x80000000;
    internal const uint SECCOMP_RET_TRAP = 0x00030000;
    internal const uint SECCOMP_RET_ERRNO = 0x00050000;
    internal const uint SECCOMP_RET_ALLOW = 0x7fff0000;

    /// <summary>What a filter is given: the call's number, the ABI that it was made by, and its arguments.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct seccomp_data
    {
        internal int nr;
        internal uint arch;
        internal ulong instruction_pointer;
        internal six_arguments args;
    }

    [InlineArray(6)]
    internal struct six_arguments
    {
        private ulong _first;
    }
}
