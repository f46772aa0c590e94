namespace Init.Linux.Tests;

/// <summary>What reflection cannot know of src/Linux/Headers: which C headers, and how C declares each function.</summary>
internal static class HeaderTable
{
    /// <summary>The C headers that each class of Init.Linux.Headers stands for.</summary>
    public static IReadOnlyDictionary<string, string[]> Includes { get; } = new Dictionary<string, string[]>
    {
        ["dirent_h"] = ["dirent.h"],
        ["fcntl_h"] = ["fcntl.h"],
        ["linux_audit_h"] = ["linux/audit.h"],
        ["linux_capability_h"] = ["linux/capability.h"],
        ["linux_filter_h"] = ["linux/filter.h"],
        ["linux_futex_h"] = ["linux/futex.h"],
        ["linux_nsm_h"] = [],
        ["linux_random_h"] = ["linux/random.h"],
        ["linux_seccomp_h"] = ["linux/seccomp.h"],
        ["linux_vm_sockets_h"] = ["linux/vm_sockets.h"],
        ["poll_h"] = ["poll.h"],
        ["sched_h"] = ["sched.h"],
        ["signal_h"] = ["signal.h"],
        ["sys_epoll_h"] = ["sys/epoll.h"],
        ["sys_eventfd_h"] = ["sys/eventfd.h"],
        ["sys_ioctl_h"] = ["sys/ioctl.h"],
        ["sys_mman_h"] = ["sys/mman.h"],
        ["sys_mount_h"] = ["sys/mount.h"],
        ["sys_prctl_h"] = ["sys/prctl.h"],
        ["sys_random_h"] = ["sys/random.h"],
        ["sys_reboot_h"] = ["sys/reboot.h"],
        ["sys_resource_h"] = ["sys/resource.h"],
        ["sys_signalfd_h"] = ["sys/signalfd.h"],
        ["sys_socket_h"] = ["sys/socket.h"],
        ["sys_stat_h"] = ["sys/stat.h"],
        ["sys_syscall_h"] = ["sys/syscall.h"],
        ["sys_timerfd_h"] = ["sys/timerfd.h"],
        ["sys_timex_h"] = ["sys/timex.h"],
        ["sys_un_h"] = ["sys/un.h"],
        ["sys_uio_h"] = ["sys/uio.h"],
        ["sys_wait_h"] = ["sys/wait.h"],
        ["time_h"] = ["time.h", "sys/time.h"],
        ["unistd_h"] = ["unistd.h"],
    };

    /// <summary>Headers for what is not in Init.Linux.Headers: the names of errno, and what the system may be too old for.</summary>
    public const string Prelude = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <stddef.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <linux/ioctl.h>
        #include <linux/prctl.h>
        #ifndef PR_SET_MDWE
        /* As linux/prctl.h of 6.3 has it. */
        #define PR_SET_MDWE 65
        #define PR_MDWE_REFUSE_EXEC_GAIN 1
        #endif
        #if __has_include(<linux/nsm.h>)
        #include <linux/nsm.h>
        #else
        /* As linux/nsm.h of 6.8 has it. */
        struct nsm_iovec { uint64_t addr; uint64_t len; };
        struct nsm_raw { struct nsm_iovec request; struct nsm_iovec response; };
        #define NSM_IOCTL_RAW _IOWR(0x0A, 0x0, struct nsm_raw)
        #endif
        """;

    /// <summary>Types of C# that C declares by typedef and not by tag.</summary>
    public static IReadOnlyList<string> Typedefs { get; } = ["sigset_t"];

    /// <summary>Each function as C declares it. The C compiler checks the declaration, a test the C# one against it.</summary>
    public static IReadOnlyList<string> Prototypes { get; } =
    [
        "ssize_t read(int, void *, size_t)",
        "ssize_t write(int, const void *, size_t)",
        "ssize_t writev(int, const struct iovec *, int)",
        "int close(int)",
        "int pipe2(int [2], int)",
        "int dup2(int, int)",
        "ssize_t readlink(const char *, char *, size_t)",
        "int ftruncate(int, off_t)",
        "pid_t getpid(void)",
        "void _exit(int)",
        "long syscall(long, ...)",
        "int open(const char *, int, ...)",
        "int fcntl(int, int, ...)",
        "ssize_t getdents64(int, void *, size_t)",
        "int poll(struct pollfd *, nfds_t, int)",
        "int socket(int, int, int)",
        "int socketpair(int, int, int, int [2])",
        "int bind(int, __CONST_SOCKADDR_ARG, socklen_t)",
        "int listen(int, int)",
        "int accept4(int, __SOCKADDR_ARG, socklen_t *, int)",
        "int connect(int, __CONST_SOCKADDR_ARG, socklen_t)",
        "int shutdown(int, int)",
        "int getsockopt(int, int, int, void *, socklen_t *)",
        "int setsockopt(int, int, int, const void *, socklen_t)",
        "ssize_t sendmsg(int, const struct msghdr *, int)",
        "ssize_t recvmsg(int, struct msghdr *, int)",
        "int epoll_create1(int)",
        "int epoll_ctl(int, int, int, struct epoll_event *)",
        "int epoll_wait(int, struct epoll_event *, int, int)",
        "int eventfd(unsigned int, int)",
        "int timerfd_create(clockid_t, int)",
        "int timerfd_settime(int, int, const struct itimerspec *, struct itimerspec *)",
        "int clock_gettime(clockid_t, struct timespec *)",
        "int clock_settime(clockid_t, const struct timespec *)",
        "int signalfd(int, const sigset_t *, int)",
        "pid_t waitpid(pid_t, int *, int)",
        "int mount(const char *, const char *, const char *, unsigned long, const void *)",
        "int umount2(const char *, int)",
        "int mkdir(const char *, mode_t)",
        "int ioctl(int, unsigned long, ...)",
        "ssize_t getrandom(void *, size_t, unsigned int)",
        "int clock_adjtime(clockid_t, struct timex *)",
        "int getrlimit(__rlimit_resource_t, struct rlimit *)",
        "int setrlimit(__rlimit_resource_t, const struct rlimit *)",
        "int setpriority(__priority_which_t, id_t, int)",
        "int getrusage(__rusage_who_t, struct rusage *)",
        "int prctl(int, ...)",
        "int reboot(int)",
        "void *mmap(void *, size_t, int, int, int, off_t)",
        "int munmap(void *, size_t)",
        "int madvise(void *, size_t, int)",
        "int memfd_create(const char *, unsigned int)",
    ];

    /// <summary>How wide C's integer types are, in bytes. The C program checks it.</summary>
    public static IReadOnlyDictionary<string, int> Widths { get; } = new Dictionary<string, int>
    {
        ["int"] = 4,
        ["unsigned int"] = 4,
        ["long"] = 8,
        ["unsigned long"] = 8,
        ["size_t"] = 8,
        ["ssize_t"] = 8,
        ["off_t"] = 8,
        ["nfds_t"] = 8,
        ["socklen_t"] = 4,
        ["clockid_t"] = 4,
        ["pid_t"] = 4,
        ["mode_t"] = 4,
        ["id_t"] = 4,
        ["__rlimit_resource_t"] = 4,
        ["__priority_which_t"] = 4,
        ["__rusage_who_t"] = 4,
        ["__SOCKADDR_ARG"] = 8,
        ["__CONST_SOCKADDR_ARG"] = 8,
    };
}
