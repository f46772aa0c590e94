using static Init.Linux.Headers.fcntl_h;
using static Init.Linux.Headers.linux_futex_h;
using static Init.Linux.Headers.linux_nsm_h;
using static Init.Linux.Headers.sched_h;
using static Init.Linux.Headers.signal_h;
using static Init.Linux.Headers.sys_mman_h;
using static Init.Linux.Headers.sys_prctl_h;
using static Init.Linux.Headers.sys_reboot_h;
using static Init.Linux.Headers.sys_socket_h;
using static Init.Linux.Headers.time_h;

namespace Init.Linux;

/// <summary>What one argument of a system call must be. A filter sees numbers alone: what a pointer points to it cannot check.</summary>
/// <remarks>
/// One half of an argument is looked at, mostly the low one: what is checked there is a 32-bit number, or flags that lie in it. A pointer
/// takes two checks.
/// </remarks>
/// <param name="Index">Which argument, from 0.</param>
/// <param name="Mask">The bits that are looked at.</param>
/// <param name="Values">What they may be; with <paramref name="IsExcluded"/>, what they may not be.</param>
/// <param name="IsExcluded">Whether the values are the forbidden ones.</param>
/// <param name="Text">The check in C's words, for people.</param>
public sealed record ArgumentCheck(int Index, uint Mask, uint[] Values, bool IsExcluded, string Text)
{
    private const uint WholeWord = uint.MaxValue;
    private const uint ThreadFlags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;

    /// <summary>mmap and mprotect: nothing executable.</summary>
    public static ArgumentCheck NotExecutable { get; } = new(2, PROT_EXEC, [0], false, "prot without PROT_EXEC");

    /// <summary>openat: nothing is written, made or cut.</summary>
    public static ArgumentCheck ReadOnly { get; } =
        new(2, O_ACCMODE | O_CREAT | O_TRUNC, [O_RDONLY], false, "flags O_RDONLY, without O_CREAT and O_TRUNC");

    /// <summary>clone: a thread of this process, never a process.</summary>
    public static ArgumentCheck Thread { get; } =
        new(0, ThreadFlags, [ThreadFlags], false, "flags with CLONE_VM, CLONE_SIGHAND and CLONE_THREAD");

    /// <summary>rt_sigaction: SIGSYS keeps its handler, which is how a call that is not allowed ends the machine.</summary>
    public static ArgumentCheck NotTheFiltersSignal { get; } = new(0, WholeWord, [SIGSYS], true, "signum not SIGSYS");

    /// <summary>ioctl: the security module's request.</summary>
    public static ArgumentCheck SecurityModule { get; } = new(1, WholeWord, [NSM_IOCTL_RAW], false, "request NSM_IOCTL_RAW");

    /// <summary>prctl: a thread's name.</summary>
    public static ArgumentCheck Naming { get; } = new(0, WholeWord, [PR_SET_NAME], false, "option PR_SET_NAME");

    /// <summary>fcntl: a descriptor's own flags.</summary>
    public static ArgumentCheck DescriptorFlags { get; } = new(1, WholeWord, [F_GETFL, F_SETFL], false, "cmd F_GETFL or F_SETFL");

    /// <summary>futex: waiting and waking, without priorities (PI) and requeueing.</summary>
    public static ArgumentCheck PlainFutex { get; } = new(
        1,
        ~(uint)(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME),
        [FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET],
        false,
        "op FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET or FUTEX_WAKE_BITSET");

    /// <summary>clock_settime and clock_adjtime: the wall clock.</summary>
    public static ArgumentCheck WallClock { get; } = new(0, WholeWord, [CLOCK_REALTIME], false, "clockid CLOCK_REALTIME");

    /// <summary>reboot: the machine's end, and not another kernel or Ctrl-Alt-Del.</summary>
    public static ArgumentCheck Restart { get; } = new(2, WholeWord, [RB_AUTOBOOT], false, "cmd RB_AUTOBOOT");

    /// <summary>prlimit64: limits are read and not set.</summary>
    public static ArgumentCheck[] NoNewLimit { get; } =
    [
        new(2, WholeWord, [0], false, "new_limit NULL"),
        new(2, WholeWord, [0], false, "in both halves") { IsHigh = true },
    ];

    /// <summary>getsockopt and setsockopt: the socket's own options and vsock's.</summary>
    public static ArgumentCheck SocketOptions { get; } = new(1, WholeWord, [SOL_SOCKET, AF_VSOCK], false, "level SOL_SOCKET or AF_VSOCK");

    /// <summary>socket: one family.</summary>
    /// <param name="family">Which.</param>
    public static ArgumentCheck Family(SocketFamily family) => new(0, WholeWord, [(uint)family], false, family == SocketFamily.AF_VSOCK ? "domain AF_VSOCK" : "domain AF_UNIX");

    /// <summary>tgkill: threads of this process.</summary>
    /// <param name="processId">Its number.</param>
    public static ArgumentCheck OfProcess(int processId) => new(0, WholeWord, [(uint)processId], false, "tgid of this process");

    /// <summary>Whether the high half is meant.</summary>
    public bool IsHigh { get; init; }

    /// <summary>Whether an argument passes.</summary>
    internal bool Accepts(ulong argument) => Values.Contains((uint)(IsHigh ? argument >> 32 : argument) & Mask) != IsExcluded;
}
