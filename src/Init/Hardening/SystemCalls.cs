using Init.Linux;
using static Init.Linux.SystemCall;

namespace Init.Hardening;

/// <summary>Every system call that is let through once the enclave has booted, with the reason. docs/system-calls.md shows the table.</summary>
/// <remarks>
/// What it takes to boot is not here. The list is measured (docs/decisions/0012): a call that nothing makes has no place in it.
/// </remarks>
internal static class SystemCalls
{
    /// <summary>The table.</summary>
    /// <param name="family">The family of sockets that connections to the parent have.</param>
    /// <param name="processId">This process's number.</param>
    public static SystemCallRule[] Table(SocketFamily family, int processId) =>
        [.. Serving(family), .. Memory, .. Threads(processId), .. Time, .. Looking, .. Ending];

    private static SystemCallRule[] Serving(SocketFamily family) =>
    [
        new(accept4, "connections of clients"),
        new(epoll_create1, "the server's sets of sockets, made when it starts"),
        new(epoll_ctl, "a socket comes or goes"),
        new(epoll_wait, "the threads that serve sockets wait here"),
        new(eventfd2, "how one thread wakes another that waits for sockets"),
        new(read, "requests, signals, timers; files of /proc"),
        new(write, "replies; wake-ups; the failure record"),
        new(writev, "a frame's header and its payload at once"),
        new(close, "whatever was opened"),
        new(shutdown, "the end of a reply's stream, and of a drained connection"),
        new(socket, "the failure record's connection to the parent", ArgumentCheck.Family(family)),
        new(connect, "the same"),
        new(setsockopt, "how long that connection may take, buffers of vsock", ArgumentCheck.SocketOptions),
        new(getsockopt, "how that connection ended", ArgumentCheck.SocketOptions),
        new(poll, "a wait for one descriptor, with a deadline"),
        new(ioctl, "the security module: attestation and time", ArgumentCheck.SecurityModule),
        new(getrandom, "keys, nonces, blinding factors"),
        new(timerfd_create, "the main loop's timer"),
        new(timerfd_settime, "the same, set anew"),
    ];

    private static SystemCallRule[] Memory { get; } =
    [
        new(mmap, "the collector's heap, messages, the prover's instances and stacks", ArgumentCheck.NotExecutable),
        new(mprotect, "memory that grows inside its reservation", ArgumentCheck.NotExecutable),
        new(munmap, "what is given back"),
        new(mremap, "realloc of large blocks"),
        new(madvise, "pages given back, huge pages, no dumps"),
        new(brk, "malloc"),
        new(sysinfo, "the collector's view of the machine's memory"),
    ];

    private static SystemCallRule[] Threads(int processId) =>
    [
        new(clone, "threads of the runtime and of the prover", ArgumentCheck.Thread),
        new(clone3, "the C library tries it first; its flags are in memory, where a filter cannot look")
        {
            Answer = SystemCallAnswer.NotImplemented,
        },
        new(set_robust_list, "the C library, as a thread starts"),
        new(rseq, "the C library, as a thread starts"),
        new(gettid, "the runtime, as a thread starts"),
        new(sched_getaffinity, "the runtime, as a thread starts"),
        new(prlimit64, "the C library, for the size of a thread's stack", ArgumentCheck.NoNewLimit),
        new(prctl, "names of threads", ArgumentCheck.Naming),
        new(setpriority, "the prover's threads wait for the server's"),
        new(sched_yield, "spinning locks"),
        new(futex, "every lock and every wait", ArgumentCheck.PlainFutex),
        new(membarrier, "the runtime, before it stops threads for a collection"),
        new(tgkill, "threads are stopped for a collection, and a proof's threads ended", ArgumentCheck.OfProcess(processId)),
        new(rt_sigaction, "a fault that is not the sandbox's gets its default action", ArgumentCheck.NotTheFiltersSignal),
        new(rt_sigprocmask, "threads start with signals blocked; a trap unblocks them"),
        new(rt_sigreturn, "the end of a signal's handler"),
        new(sigaltstack, "each thread's stack for handlers"),
        new(restart_syscall, "the kernel goes on with a wait that was interrupted"),
        new(exit, "the end of a thread"),
    ];

    private static SystemCallRule[] Time { get; } =
    [
        new(clock_gettime, "clocks, where the vDSO cannot tell them; /dev/ptp0"),
        new(clock_nanosleep, "short waits of the runtime"),
        new(clock_settime, "a step of the wall clock", ArgumentCheck.WallClock),
        new(clock_adjtime, "its slewing", ArgumentCheck.WallClock),
    ];

    private static SystemCallRule[] Looking { get; } =
    [
        new(openat, "health, and the collector's view of memory: files of /proc", ArgumentCheck.ReadOnly),
        new(newfstatat, "the C library, of a file that it has opened"),
        new(getdents64, "health counts descriptors and threads"),
        new(getrusage, "health"),
        new(getcpu, "the runtime's lists for each processor"),
    ];

    private static SystemCallRule[] Ending { get; } =
    [
        new(wait4, "children that other inits leave us"),
        new(getpid, "the handler of fatal signals"),
        new(reboot, "the end of the machine", ArgumentCheck.Restart),
        new(exit_group, "the same, where reboot is refused"),
        new(pause, "the same, until it has happened"),
    ];
}
