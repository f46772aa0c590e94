using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/signalfd.h.</summary>
internal static unsafe partial class sys_signalfd_h
{
    internal const int SFD_NONBLOCK = 0x800;
    internal const int SFD_CLOEXEC = 0x80000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int signalfd(int fd, signal_h.sigset_t* mask, int flags);

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct signalfd_siginfo
    {
        internal uint ssi_signo;
        internal int ssi_errno;
        internal int ssi_code;
        internal uint ssi_pid;
    }
}
