using System.Runtime.InteropServices;
using Init.Linux.Headers;

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
    internal static unsafe partial int posix_spawn(int* pid, byte* path, nint actions, nint attributes, byte** argv, byte** envp);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int pid, int sig);

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

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int mkfifo(byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int ioctl(int fd, nuint request, int* argument);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial long lseek(int fd, long offset, int whence);

    /// <summary>Unlocks a pseudo terminal; returns the path of its other side.</summary>
    internal static unsafe string UnlockTerminal(int master)
    {
        int zero = 0;
        int number;
        Assert.Equal(0, ioctl(master, 0x40045431 /* TIOCSPTLCK */, &zero));
        Assert.Equal(0, ioctl(master, 0x80045430 /* TIOCGPTN */, &number));
        return $"/dev/pts/{number}";
    }

    /// <summary>The size of an open file.</summary>
    internal static long SizeOf(int file) => lseek(file, 0, 2 /* SEEK_END */);

    /// <summary>Sends one byte with any number of descriptors.</summary>
    internal static unsafe void SendDescriptors(int socket, ReadOnlySpan<int> numbers)
    {
        byte[] control = new byte[512];
        byte content = 1;
        fixed (byte* controlStart = control)
        {
            *(sys_socket_h.cmsghdr*)controlStart = new()
            {
                cmsg_len = (nuint)(sizeof(sys_socket_h.cmsghdr) + (numbers.Length * sizeof(int))),
                cmsg_level = sys_socket_h.SOL_SOCKET,
                cmsg_type = sys_socket_h.SCM_RIGHTS,
            };
            numbers.CopyTo(new Span<int>(controlStart + sizeof(sys_socket_h.cmsghdr), numbers.Length));
            var vector = new sys_socket_h.iovec { iov_base = &content, iov_len = 1 };
            var message = new sys_socket_h.msghdr
            {
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = controlStart,
                msg_controllen = (nuint)DescriptorSocket.ControlBytes(numbers.Length),
            };
            using var descriptor = new FileDescriptor(dup(socket));
            Assert.Equal(1, sys_socket_h.sendmsg(descriptor, &message, 0));
        }
    }

    /// <summary>A pipe, both ends non-blocking.</summary>
    internal static unsafe (KernelDescriptor Read, KernelDescriptor Write) Pipe()
    {
        int* numbers = stackalloc int[2];
        Assert.Equal(0, pipe2(numbers, fcntl_h.O_NONBLOCK | fcntl_h.O_CLOEXEC));
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

        Assert.Equal(0, pthread_sigmask(SIG_BLOCK, set, null));
    }

    /// <summary>Runs an action on a thread of its own that is sent signals all the while. They have a handler, so that they interrupt.</summary>
    internal static void UnderSignals(Action action)
    {
        using var handled = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, context => context.Cancel = true);
        using var started = new ManualResetEventSlim();
        int thread = 0;
        bool isOver = false;
        var sender = new Thread(() =>
        {
            started.Wait();
            while (!Volatile.Read(ref isOver))
            {
                Assert.Equal(0, tgkill(Environment.ProcessId, thread, 28 /* SIGWINCH */));
                Thread.Yield();
            }
        });
        sender.Start();
        OnOwnThread(() =>
        {
            thread = gettid();
            started.Set();
            try
            {
                action();
            }
            finally
            {
                // Before this thread ends: its id may then be another's.
                Volatile.Write(ref isOver, true);
                sender.Join();
            }
        });
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
