using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/mount.h.</summary>
internal static unsafe partial class sys_mount_h
{
    internal const uint MS_RDONLY = 1;
    internal const uint MS_NOSUID = 2;
    internal const uint MS_NODEV = 4;
    internal const uint MS_NOEXEC = 8;
    internal const uint MS_REMOUNT = 32;
    internal const uint MS_BIND = 4096;
    internal const uint MS_REC = 16384;
    internal const uint MS_PRIVATE = 1 << 18;

    internal const int MNT_DETACH = 2;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int mount(byte* source, byte* target, byte* filesystemtype, nuint mountflags, void* data);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int umount2(byte* target, int flags);
}
