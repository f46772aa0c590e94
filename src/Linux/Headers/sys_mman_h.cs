using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/mman.h.</summary>
internal static unsafe partial class sys_mman_h
{
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int PROT_EXEC = 4;

    internal const int MAP_SHARED = 1;
    internal const int MAP_PRIVATE = 2;
    internal const int MAP_ANONYMOUS = 0x20;
    internal const int MAP_NORESERVE = 0x4000;

    internal const int MADV_HUGEPAGE = 14;
    internal const int MADV_DONTDUMP = 16;

    internal const uint MFD_CLOEXEC = 1;

    /// <summary>What mmap returns when it fails.</summary>
    internal const nint MAP_FAILED = -1;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint mmap(void* addr, nuint length, int prot, int flags, int fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint mmap(void* addr, nuint length, int prot, int flags, FileDescriptor fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int munmap(void* addr, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int madvise(void* addr, nuint length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int memfd_create(byte* name, uint flags);
}
