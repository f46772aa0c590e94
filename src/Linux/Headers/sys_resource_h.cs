using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/resource.h.</summary>
internal static unsafe partial class sys_resource_h
{
    internal const int RLIMIT_CORE = 4;
    internal const int RLIMIT_NOFILE = 7;
    internal const int RLIMIT_MEMLOCK = 8;

    internal const int PRIO_PROCESS = 0;
    internal const int RUSAGE_SELF = 0;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getrlimit(int resource, rlimit* rlim);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setrlimit(int resource, rlimit* rlim);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setpriority(int which, uint who, int prio);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getrusage(int who, rusage* usage);

    [StructLayout(LayoutKind.Sequential)]
    internal struct @rlimit
    {
        internal ulong rlim_cur;
        internal ulong rlim_max;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct @rusage
    {
        internal time_h.timeval ru_utime;
        internal time_h.timeval ru_stime;
        internal long ru_maxrss;
        internal long ru_ixrss;
        internal long ru_idrss;
        internal long ru_isrss;
        internal long ru_minflt;
        internal long ru_majflt;
        internal long ru_nswap;
        internal long ru_inblock;
        internal long ru_oublock;
        internal long ru_msgsnd;
        internal long ru_msgrcv;
        internal long ru_nsignals;
        internal long ru_nvcsw;
        internal long ru_nivcsw;
    }
}
