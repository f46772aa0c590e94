using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/wait.h.</summary>
internal static unsafe partial class sys_wait_h
{
    internal const int WNOHANG = 1;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int waitpid(int pid, int* wstatus, int options);
}
