using static Init.Linux.Headers.linux_audit_h;
using static Init.Linux.Headers.linux_filter_h;
using static Init.Linux.Headers.linux_seccomp_h;

namespace Init.Linux.Tests;

/// <summary>The filter's program, run by an interpreter of its own. init-process shows that the kernel runs it as well.</summary>
public sealed class SystemCallFilterTests
{
    private const uint OtherAbi = 0x40000003; // AUDIT_ARCH_I386
    private const uint X32 = 0x40000000; // __X32_SYSCALL_BIT
    private const uint NotThere = SECCOMP_RET_ERRNO | (uint)Errno.ENOSYS;

    private static readonly SystemCallRule[] Rules =
    [
        new(SystemCall.read, "any"),
        new(SystemCall.mprotect, "not executable", ArgumentCheck.NotExecutable),
        new(SystemCall.clone, "threads", ArgumentCheck.Thread),
        new(SystemCall.futex, "several values", ArgumentCheck.PlainFutex),
        new(SystemCall.rt_sigaction, "one value excluded", ArgumentCheck.NotTheFiltersSignal),
        new(SystemCall.ioctl, "two checks", new ArgumentCheck(1, uint.MaxValue, [3, 4], false, "3 or 4"), new ArgumentCheck(0, uint.MaxValue, [7, 9], true, "not 7, not 9")),
        new(SystemCall.prlimit64, "a pointer", [.. ArgumentCheck.NoNewLimit]),
        new(SystemCall.clone3, "not there") { Answer = SystemCallAnswer.NotImplemented },
    ];

    private static readonly sock_filter[] Program = SystemCallFilter.Assemble(Rules);

    [Fact]
    public void What_no_rule_names_is_denied()
    {
        for (uint call = 0; call < 1024; call++)
        {
            uint expected = Rules.FirstOrDefault(rule => (uint)rule.Call == call) switch
            {
                null => SECCOMP_RET_TRAP,
                { Answer: SystemCallAnswer.NotImplemented } => NotThere,
                { } rule => rule.Checks.All(check => check.Accepts(0)) ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRAP,
            };
            Assert.Equal(expected, Run(call));
            Assert.Equal(SECCOMP_RET_TRAP, Run(call | X32));
            Assert.Equal(SECCOMP_RET_KILL_PROCESS, Run(call, OtherAbi));
        }
    }

    [Theory]
    [InlineData(SystemCall.mprotect, true, 0, 0, 3)]
    [InlineData(SystemCall.mprotect, false, 0, 0, 4)]
    [InlineData(SystemCall.mprotect, false, 0, 0, 7)]
    [InlineData(SystemCall.mprotect, true, 4, 4, 0)]
    [InlineData(SystemCall.clone, true, 0x3d0f00, 0, 0)]
    [InlineData(SystemCall.clone, false, 17, 0, 0)] // SIGCHLD: fork(2)
    [InlineData(SystemCall.clone, false, 0x4111, 0, 0)] // CLONE_VM and CLONE_VFORK
    [InlineData(SystemCall.clone, false, 0x10900 & ~0x800, 0, 0)]
    [InlineData(SystemCall.futex, true, 0, 128, 0)]
    [InlineData(SystemCall.futex, true, 0, 9 | 128 | 256, 0)]
    [InlineData(SystemCall.futex, true, 0, 10, 0)]
    [InlineData(SystemCall.futex, false, 0, 6, 0)] // FUTEX_LOCK_PI
    [InlineData(SystemCall.futex, false, 0, 2, 0)]
    [InlineData(SystemCall.rt_sigaction, true, 11, 0, 0)]
    [InlineData(SystemCall.rt_sigaction, false, 31, 0, 0)]
    [InlineData(SystemCall.ioctl, true, 0, 3, 0)]
    [InlineData(SystemCall.ioctl, true, 8, 4, 0)]
    [InlineData(SystemCall.ioctl, false, 7, 4, 0)]
    [InlineData(SystemCall.ioctl, false, 9, 3, 0)]
    [InlineData(SystemCall.ioctl, false, 0, 0, 0)]
    public void Arguments_are_what_the_checks_say(SystemCall call, bool isAllowed, int first, int second, int third)
    {
        uint expected = isAllowed ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRAP;
        Assert.Equal(expected, Run((uint)call, AUDIT_ARCH_X86_64, (uint)first, (uint)second, (uint)third));

        // What stands in the high half changes nothing: the kernel takes these for 32-bit numbers, or the flags lie in the low half.
        const ulong high = 0xFFFFFFFF_00000000;
        Assert.Equal(expected, Run((uint)call, AUDIT_ARCH_X86_64, (uint)first | high, (uint)second | high, (uint)third | high));
    }

    [Theory]
    [InlineData(0UL, true)]
    [InlineData(1UL, false)]
    [InlineData(1UL << 32, false)]
    public void A_pointer_is_checked_in_both_halves(ulong address, bool isAllowed) => Assert.Equal(
        isAllowed ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRAP, Run((uint)SystemCall.prlimit64, AUDIT_ARCH_X86_64, 0, 3, address));

    [Fact]
    public void A_table_that_is_too_long_is_refused() =>
        Assert.Throws<ArgumentException>(() => SystemCallFilter.Assemble([.. Enumerable.Repeat(Rules[0], BPF_MAXINSNS)]));

    // Linux, Documentation/networking/filter.rst: as much of it as the program uses. Jumps lead forward, so it ends.
    private static uint Run(uint call, uint abi = AUDIT_ARCH_X86_64, params ulong[] arguments)
    {
        byte[] data = new byte[64];
        BitConverter.TryWriteBytes(data, call);
        BitConverter.TryWriteBytes(data.AsSpan(4), abi);
        for (int i = 0; i < arguments.Length; i++)
        {
            BitConverter.TryWriteBytes(data.AsSpan(16 + (8 * i)), arguments[i]);
        }

        uint accumulator = 0;
        for (int at = 0; ; at++)
        {
            sock_filter step = Program[at];
            switch (step.code)
            {
                case BPF_LD | BPF_W | BPF_ABS:
                    accumulator = BitConverter.ToUInt32(data, (int)step.k);
                    break;
                case BPF_ALU | BPF_AND | BPF_K:
                    accumulator &= step.k;
                    break;
                case BPF_JMP | BPF_JEQ | BPF_K:
                    at += accumulator == step.k ? step.jt : step.jf;
                    break;
                default:
                    Assert.Equal(BPF_RET | BPF_K, step.code);
                    return step.k;
            }
        }
    }
}
