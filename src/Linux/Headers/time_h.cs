using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>time.h.</summary>
internal static unsafe partial class time_h
{
    internal const int CLOCK_REALTIME = 0;
    internal const int CLOCK_MONOTONIC = 1;
    internal const int CLOCK_MONOTONIC_RAW = 4;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int clock_gettime(int clockid, timespec* tp);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int clock_settime(int clockid, timespec* tp);

    [StructLayout(LayoutKind.Sequential)]
    internal struct @timespec
    {
        internal long tv_sec;
        internal long tv_nsec;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct @timeval
    {
        internal long tv_sec;
        internal long tv_usec;
    }
}
