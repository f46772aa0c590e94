using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/prctl.h.</summary>
internal static partial class sys_prctl_h
{
    internal const int PR_SET_DUMPABLE = 4;
    internal const int PR_SET_NAME = 15;
    internal const int PR_SET_NO_NEW_PRIVS = 38;
    internal const int PR_SET_MDWE = 65;
    internal const int PR_MDWE_REFUSE_EXEC_GAIN = 1;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);
}
