using System.Globalization;
using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>What this process lets itself do, and what is done to it when memory is short.</summary>
public static class ProcessLimits
{
    /// <summary>The limit in force and the most it can be raised to without privilege: getrlimit(2).</summary>
    /// <exception cref="LinuxException">A bug.</exception>
    public static unsafe (ulong Soft, ulong Hard) Get(ResourceLimit limit)
    {
        // Sound: the kernel writes one rlimit, which is on this stack.
        sys_resource_h.rlimit value;
        return sys_resource_h.getrlimit((int)limit, &value) < 0
            ? throw LinuxException.FromLastError($"read the limit {limit}")
            : (value.rlim_cur, value.rlim_max);
    }

    /// <summary>Sets both limits: setrlimit(2).</summary>
    /// <exception cref="LinuxException">EPERM: above the hard limit (or above fs.nr_open for descriptors).</exception>
    public static unsafe void Set(ResourceLimit limit, ulong soft, ulong hard)
    {
        // Sound: on this stack, read only.
        var value = new sys_resource_h.rlimit { rlim_cur = soft, rlim_max = hard };
        if (sys_resource_h.setrlimit((int)limit, &value) < 0)
        {
            throw LinuxException.FromLastError($"set the limit {limit}");
        }
    }

    /// <summary>No core dump, no ptrace, and /proc/self belongs to root: PR_SET_DUMPABLE 0, for the whole process.</summary>
    /// <exception cref="LinuxException">A bug.</exception>
    public static void ForbidDumps() => Control(sys_prctl_h.PR_SET_DUMPABLE, 0, "forbid dumps");

    /// <summary>
    /// Nothing executed from here on gains a privilege: PR_SET_NO_NEW_PRIVS. It holds for the calling thread and those it starts
    /// afterwards; threads that run already are not changed.
    /// </summary>
    /// <exception cref="LinuxException">A bug.</exception>
    public static void ForbidNewPrivileges() => Control(sys_prctl_h.PR_SET_NO_NEW_PRIVS, 1, "forbid new privileges");

    /// <summary>
    /// No memory that has been writable becomes executable, and none is mapped that is both: PR_SET_MDWE, for the whole process and for good.
    /// </summary>
    /// <returns>False: the kernel is older than 6.3 and cannot.</returns>
    /// <exception cref="LinuxException">EPERM: something has been set already that cannot be changed.</exception>
    public static bool ForbidExecutableMemory()
    {
        if (sys_prctl_h.prctl(sys_prctl_h.PR_SET_MDWE, sys_prctl_h.PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) == 0)
        {
            return true;
        }

        return LinuxException.LastErrno() == Errno.EINVAL ? false : throw LinuxException.FromLastError("forbid executable memory");
    }

    /// <summary>How readily the kernel ends this process when memory is short: /proc/self/oom_score_adj.</summary>
    /// <param name="adjustment">-1000 (never) to 1000.</param>
    /// <exception cref="LinuxException">EACCES: lowering needs CAP_SYS_RESOURCE.</exception>
    public static void SetOutOfMemoryAdjustment(int adjustment) =>
        FileSystem.WriteSetting("/proc/self/oom_score_adj", adjustment.ToString(CultureInfo.InvariantCulture));

    /// <summary>The calling thread's nice value, and only its: setpriority(2), 'C library/kernel differences'.</summary>
    /// <param name="niceness">-20 (first) to 19 (last).</param>
    /// <exception cref="LinuxException">EACCES: lowering needs CAP_SYS_NICE.</exception>
    public static void SetThreadNiceness(int niceness)
    {
        if (sys_resource_h.setpriority(sys_resource_h.PRIO_PROCESS, 0, niceness) < 0)
        {
            throw LinuxException.FromLastError("set the thread's niceness");
        }
    }

    private static void Control(int option, nuint argument, string operation)
    {
        if (sys_prctl_h.prctl(option, argument, 0, 0, 0) < 0)
        {
            throw LinuxException.FromLastError(operation);
        }
    }
}
