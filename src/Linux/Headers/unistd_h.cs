using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>unistd.h.</summary>
internal static unsafe partial class unistd_h
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint read(FileDescriptor fd, byte* buf, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint write(FileDescriptor fd, byte* buf, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int pipe2(int* pipefd, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int dup2(FileDescriptor oldfd, int newfd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint readlink(byte* pathname, byte* buf, nuint bufsiz);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ftruncate(FileDescriptor fd, long length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getpid();

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint syscall(nint number, nuint first, nuint second, void* third);

    [LibraryImport("libc")]
    internal static partial void _exit(int status);
}
