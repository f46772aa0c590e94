using Init.Linux.Headers;
using static Init.Linux.Headers.linux_audit_h;
using static Init.Linux.Headers.linux_filter_h;
using static Init.Linux.Headers.linux_seccomp_h;

namespace Init.Linux;

/// <summary>A filter of system calls for every thread of this process, for good: seccomp(2).</summary>
/// <remarks>
/// What no rule allows is not done, and ends the process by SIGSYS (SECCOMP_RET_TRAP): the handler of native/init tells the parent which
/// call it was and ends the machine; a thread that blocks the signal dies of it all the same (the kernel forces it), and nobody can
/// take the handler away. A call by another ABI (32-bit, x32) kills the process without asking.
/// </remarks>
public static unsafe class SystemCallFilter
{
    private const int NumberOffset = 0;
    private const int AbiOffset = 4;
    private const int ArgumentsOffset = 16;

    // Calls by another ABI are none of ours; then the call's number.
    private static readonly sock_filter[] Prologue =
    [
        Load(AbiOffset),
        JumpIfEqual(AUDIT_ARCH_X86_64, 1, 0),
        Return(SECCOMP_RET_KILL_PROCESS),
        Load(NumberOffset),
    ];

    private static sock_filter Allow => Return(SECCOMP_RET_ALLOW);

    private static sock_filter Deny => Return(SECCOMP_RET_TRAP);

    /// <summary>Puts the filter on all threads at once, those of today and those to come; it cannot be taken off.</summary>
    /// <exception cref="LinuxException">EACCES: no CAP_SYS_ADMIN and not <see cref="ProcessLimits.ForbidNewPrivileges"/>; ENOSYS; EBUSY: a thread has another filter.</exception>
    public static void Install(SystemCallRule[] rules)
    {
        sock_filter[] program = Assemble(rules);

        // Sound: the kernel copies the program before the call returns.
        fixed (sock_filter* start = program)
        {
            sock_fprog description = new() { len = (ushort)program.Length, filter = start };
            nint outcome = unistd_h.syscall(sys_syscall_h.SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &description);
            if (outcome != 0)
            {
                // Above 0: the number of a thread that has a filter of its own.
                throw outcome < 0
                    ? LinuxException.FromLastError("filter the system calls")
                    : new LinuxException("filter the system calls of every thread", Errno.EBUSY);
            }
        }
    }

    /// <summary>The rules as a program of classic BPF. Calls with checks come first: those without, the kernel answers from a bitmap.</summary>
    /// <remarks>A boot runs this once: plain loops over arrays, since code that runs once costs more to fetch than to run.</remarks>
    internal static sock_filter[] Assemble(SystemCallRule[] rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        int length = Prologue.Length + 1, mostChecks = 0;
        foreach (SystemCallRule rule in rules)
        {
            length += 1 + LengthOfAnswer(rule);
            mostChecks = Math.Max(mostChecks, rule.Checks.Length);
        }

        if (length > BPF_MAXINSNS)
        {
            throw new ArgumentException("too many rules", nameof(rules));
        }

        sock_filter[] program = new sock_filter[length];
        Prologue.CopyTo(program, 0);
        int at = Prologue.Length;
        for (int checks = mostChecks; checks >= 0; checks--)
        {
            foreach (SystemCallRule rule in rules)
            {
                if (rule.Checks.Length == checks)
                {
                    program[at++] = JumpIfEqual((uint)rule.Call, 0, checked((byte)LengthOfAnswer(rule)));
                    at = Answer(rule, program, at);
                }
            }
        }

        program[at] = Deny;
        return program;
    }

    private static int LengthOfAnswer(SystemCallRule rule)
    {
        int length = 1;
        foreach (ArgumentCheck check in rule.Checks)
        {
            length += 3 + check.Values.Length;
        }

        return length;
    }

    // Ends with a return on every way: the number, which Load has overwritten, is not needed any more.
    private static int Answer(SystemCallRule rule, sock_filter[] program, int at)
    {
        foreach (ArgumentCheck check in rule.Checks)
        {
            // x86-64 is little-endian: the low half comes first.
            program[at++] = Load(ArgumentsOffset + (check.Index * sizeof(ulong)) + (check.IsHigh ? sizeof(uint) : 0));
            program[at++] = And(check.Mask);
            int last = check.Values.Length;
            for (int i = 0; i < last; i++)
            {
                // Over the values that are left, to what stands after them: the denial, and after it whatever comes next.
                byte toDenial = checked((byte)(last - 1 - i)), toNext = checked((byte)(last - i));
                program[at++] = JumpIfEqual(check.Values[i], check.IsExcluded ? toDenial : toNext, NotEqual(check, i, last));
            }

            program[at++] = Deny;
        }

        program[at++] = rule.Answer == SystemCallAnswer.NotImplemented ? Return(SECCOMP_RET_ERRNO | (uint)Errno.ENOSYS) : Allow;
        return at;
    }

    // One value differs: on to the next value, or after the last one to the denial, or past it.
    private static byte NotEqual(ArgumentCheck check, int index, int count) => (byte)(check.IsExcluded && index == count - 1 ? 1 : 0);

    private static sock_filter Load(int offset) => new() { code = BPF_LD | BPF_W | BPF_ABS, k = (uint)offset };

    private static sock_filter And(uint mask) => new() { code = BPF_ALU | BPF_AND | BPF_K, k = mask };

    private static sock_filter JumpIfEqual(uint value, byte then, byte otherwise) =>
        new() { code = BPF_JMP | BPF_JEQ | BPF_K, k = value, jt = then, jf = otherwise };

    private static sock_filter Return(uint action) => new() { code = BPF_RET | BPF_K, k = action };
}
