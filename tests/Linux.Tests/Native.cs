using System.Runtime.InteropServices;

namespace Init.Linux.Tests;

/// <summary>Calls that only tests make.</summary>
internal static partial class Native
{
    internal const int SIG_BLOCK = 0;
    internal const int CLONE_NEWNS = 0x20000;
    internal const int P_PID = 1;
    internal const int WEXITED = 4;
    internal const int WNOWAIT = 0x1000000;
    internal const int PR_GET_DUMPABLE = 3;
    internal const int SO_SNDBUF = 7;

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int pipe2(int* pipefd, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int pthread_sigmask(int how, ulong* set, ulong* oldset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int gettid();

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int tgkill(int tgid, int tid, int sig);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int posix_spawn(
        int* pid, [MarshalAs(UnmanagedType.LPStr)] string path, nint actions, nint attributes, nint* argv, nint* envp);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int waitid(int idtype, int id, byte* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getpriority(int which, int who);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fcntl(int fd, int cmd, int arg);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int dup(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int fd);

    /// <summary>A pipe, both ends non-blocking.</summary>
    internal static unsafe (KernelDescriptor Read, KernelDescriptor Write) Pipe()
    {
        int* numbers = stackalloc int[2];
        Xunit.Assert.Equal(0, pipe2(numbers, Headers.fcntl_h.O_NONBLOCK | Headers.fcntl_h.O_CLOEXEC));
        return (new KernelDescriptor(new FileDescriptor(numbers[0])), new KernelDescriptor(new FileDescriptor(numbers[1])));
    }

    /// <summary>Blocks signals for the calling thread.</summary>
    internal static unsafe void Block(params ReadOnlySpan<Signal> signals)
    {
        ulong* set = stackalloc ulong[16];
        foreach (Signal signal in signals)
        {
            set[0] |= 1UL << ((int)signal - 1);
        }

        Xunit.Assert.Equal(0, pthread_sigmask(SIG_BLOCK, set, null));
    }

    /// <summary>Runs an action on a thread of its own, whose signal mask, namespaces and niceness die with it.</summary>
    internal static void OnOwnThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }
}
