using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/timerfd.h.</summary>
internal static unsafe partial class sys_timerfd_h
{
    internal const int TFD_NONBLOCK = 0x800;
    internal const int TFD_CLOEXEC = 0x80000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int timerfd_create(int clockid, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int timerfd_settime(FileDescriptor fd, int flags, itimerspec* new_value, itimerspec* old_value);

    [StructLayout(LayoutKind.Sequential)]
    internal struct @itimerspec
    {
        internal time_h.timespec it_interval;
        internal time_h.timespec it_value;
    }
}
