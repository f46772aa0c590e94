namespace Init.Linux;

/// <summary>System calls by their names and numbers on x86-64 (syscalls(2)): those that a filter names.</summary>
public enum SystemCall
{
    /// <summary>Reads from a descriptor.</summary>
    read = 0,

    /// <summary>Writes to a descriptor.</summary>
    write = 1,

    /// <summary>Closes a descriptor.</summary>
    close = 3,

    /// <summary>Waits for descriptors.</summary>
    poll = 7,

    /// <summary>Maps memory.</summary>
    mmap = 9,

    /// <summary>Changes what mapped memory allows.</summary>
    mprotect = 10,

    /// <summary>Unmaps memory.</summary>
    munmap = 11,

    /// <summary>Moves the end of the heap.</summary>
    brk = 12,

    /// <summary>Sets a signal's handler.</summary>
    rt_sigaction = 13,

    /// <summary>Blocks signals.</summary>
    rt_sigprocmask = 14,

    /// <summary>Returns from a handler.</summary>
    rt_sigreturn = 15,

    /// <summary>Asks a device.</summary>
    ioctl = 16,

    /// <summary>Writes several buffers.</summary>
    writev = 20,

    /// <summary>Lets others run.</summary>
    sched_yield = 24,

    /// <summary>Resizes a mapping.</summary>
    mremap = 25,

    /// <summary>Advises about memory.</summary>
    madvise = 28,

    /// <summary>Sleeps until a signal.</summary>
    pause = 34,

    /// <summary>This process's number.</summary>
    getpid = 39,

    /// <summary>Makes a socket.</summary>
    socket = 41,

    /// <summary>Connects a socket.</summary>
    connect = 42,

    /// <summary>Shuts one side of a connection.</summary>
    shutdown = 48,

    /// <summary>Sets a socket's option.</summary>
    setsockopt = 54,

    /// <summary>Reads a socket's option.</summary>
    getsockopt = 55,

    /// <summary>Makes a thread or a process.</summary>
    clone = 56,

    /// <summary>Ends a thread.</summary>
    exit = 60,

    /// <summary>Reaps a child.</summary>
    wait4 = 61,

    /// <summary>Controls a descriptor.</summary>
    fcntl = 72,

    /// <summary>What this process has used.</summary>
    getrusage = 98,

    /// <summary>Memory in all.</summary>
    sysinfo = 99,

    /// <summary>Sets the stack that handlers run on.</summary>
    sigaltstack = 131,

    /// <summary>Sets a thread's niceness.</summary>
    setpriority = 141,

    /// <summary>Controls this process.</summary>
    prctl = 157,

    /// <summary>Ends the machine.</summary>
    reboot = 169,

    /// <summary>This thread's number.</summary>
    gettid = 186,

    /// <summary>Waits for a word of memory to change.</summary>
    futex = 202,

    /// <summary>The processors of a thread.</summary>
    sched_getaffinity = 204,

    /// <summary>Lists a folder.</summary>
    getdents64 = 217,

    /// <summary>Goes on with a call that a stop interrupted.</summary>
    restart_syscall = 219,

    /// <summary>Sets a clock.</summary>
    clock_settime = 227,

    /// <summary>Reads a clock.</summary>
    clock_gettime = 228,

    /// <summary>Sleeps by a clock.</summary>
    clock_nanosleep = 230,

    /// <summary>Ends the process.</summary>
    exit_group = 231,

    /// <summary>Waits for events.</summary>
    epoll_wait = 232,

    /// <summary>Watches a descriptor.</summary>
    epoll_ctl = 233,

    /// <summary>Signals a thread.</summary>
    tgkill = 234,

    /// <summary>Opens a file.</summary>
    openat = 257,

    /// <summary>What a file is.</summary>
    newfstatat = 262,

    /// <summary>Names the locks that a thread's end releases.</summary>
    set_robust_list = 273,

    /// <summary>Makes a timer.</summary>
    timerfd_create = 283,

    /// <summary>Sets a timer.</summary>
    timerfd_settime = 286,

    /// <summary>Takes a connection.</summary>
    accept4 = 288,

    /// <summary>Makes a counter to wait on.</summary>
    eventfd2 = 290,

    /// <summary>Makes a set of descriptors to wait on.</summary>
    epoll_create1 = 291,

    /// <summary>Reads and sets limits.</summary>
    prlimit64 = 302,

    /// <summary>Slews a clock.</summary>
    clock_adjtime = 305,

    /// <summary>The processor that runs this thread.</summary>
    getcpu = 309,

    /// <summary>Random bytes.</summary>
    getrandom = 318,

    /// <summary>Orders other threads' memory accesses.</summary>
    membarrier = 324,

    /// <summary>Registers a thread's restartable sequences.</summary>
    rseq = 334,

    /// <summary>clone(2) with its arguments in memory.</summary>
    clone3 = 435,
}
