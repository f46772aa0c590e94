using Init.Boot;
using Init.Console;
using Init.Linux;
using Init.Nsm;
using Init.Simulator.SoftwareNsm;
using Init.Testing.Campaign;

namespace Init.Init.Tests.Boot;

/// <summary>Every stage that can fail without a prover does, and says which and why. init-process shows the whole boot.</summary>
public sealed class BootStagesTests
{
    public static TheoryData<string, string> Failures { get; } = new()
    {
        { "mount", "[init] failed: filesystems: mount /proc: EPERM" },
        { "console", "[init] failed: console: open /dev/null: ENOENT" },
        { "setting", "[init] failed: arguments: init.port=0: the value may be 1 to 4294967294" },
        { "signals", "[init] failed: signals: make a signalfd: EMFILE" },
        { "no NSM", "[init] failed: nsm: open /dev/nsm: ENOENT" },
        { "dead NSM", "[init] failed: nsm: DescribeNsm: call /dev/nsm: ETIMEDOUT" },
        { "wrong rng", "[init] failed: entropy: rng_current is 'tpm-rng-0', not nsm-hwrng" },
        { "random not ready", "[init] failed: entropy: getrandom would block after 512 bytes were credited" },
        { "limits", "[init] failed: limits: set the limit Descriptors: EPERM" },
        { "no CRS", "[init] failed: crs: CRS file /nonexistent/crs/bn254_g1.dat: missing" },
    };

    [FailureMode(1, "/dev is mounted already")]
    [Theory]
    [MemberData(nameof(Failures))]
    public void A_stage_that_fails_ends_the_enclave_with_its_one_line(string what, string line)
    {
        FakeMachine machine = new();
        Arrange(machine, what);
        string[] lines = FailedBoot.Of(machine);
        Assert.Equal(line, lines[^1]);
        Assert.Single(lines, l => l.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_stage_before_has_its_line_and_its_time()
    {
        string[] lines = FailedBoot.Of(new FakeMachine());
        string[] stages = ["filesystems", "console", "arguments", "signals", "limits", "nsm", "entropy", "clock", "failed"];
        Assert.Equal(stages, lines.Select(line => line.Split(' ', ':')[1]));
        Assert.All(lines[..^1], line => Assert.EndsWith("(0 ms)", line));
        Assert.Contains("[init] entropy: 512 bytes from nsm-hwrng credited (0 ms)", lines);
    }

    [FailureMode(2, "The image's layout is incomplete")]
    [Fact]
    public void A_failure_before_there_is_a_console_still_reaches_one()
    {
        FakeMachine machine = new() { Mount = () => throw new LinuxException("mount /dev", Errno.EPERM) };
        Assert.Equal(["[init] failed: filesystems: mount /dev: EPERM"], FailedBoot.Of(machine));
    }

    [FailureMode(1, "/dev is mounted already")]
    [Fact]
    public void What_another_init_has_mounted_is_left()
    {
        FakeMachine machine = new() { Mount = () => [] };
        Assert.StartsWith("[init] filesystems: nothing to mount", FailedBoot.Of(machine)[0]);
    }

    [FailureMode(2, "The image's layout is incomplete")]
    [Fact]
    public void Without_a_console_boot_goes_on()
    {
        FakeMachine machine = new() { Open = () => null };
        Assert.Empty(FailedBoot.Of(machine));
        Assert.NotEmpty(machine.Credited);
    }

    [FailureMode(6, "Ready before everything is there")]
    [Fact]
    public void The_table_names_each_stage_once_and_bounds_it()
    {
        using BootStages stages = new(new FakeMachine(), new BootConsole(), 0);
        IReadOnlyList<Stage> table = stages.Table(null!);
        Assert.Equal(table.Count, table.Select(s => s.Name).Distinct().Count());
        Assert.All(table, s => Assert.InRange(s.Deadline, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(120)));

        // A module that answers nothing must not keep the enclave from ending within 10 s.
        Assert.All(
            table.Where(s => s.Name is "nsm" or "entropy" or "clock" or "heartbeat" or "measurement"),
            s => Assert.InRange(s.Deadline, TimeSpan.Zero, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void What_runs_beside_others_is_needed_by_a_later_stage_and_keys_come_after_entropy()
    {
        using BootStages stages = new(new FakeMachine(), new BootConsole(), 0);
        List<Stage> table = [.. stages.Table(null!)];
        Assert.Equal(["crs", "keys", "prover"], table.Where(s => s.NeededBy is not null).Select(s => s.Name));
        Assert.All(
            table.Where(s => s.NeededBy is not null),
            s => Assert.True(table.FindIndex(later => later.Name == s.NeededBy) > table.IndexOf(s)));
        AssertOrder("limits", "entropy", "keys"); // no dumps of a key, and none without the module's randomness
        AssertOrder("prover", "heartbeat"); // nitro-cli hears nothing of an enclave that cannot prove
        AssertOrder("measurement", "ready"); // nobody is served before PCR16 is locked

        void AssertOrder(params string[] order) => Assert.Equal(order, table.Select(s => s.Name).Where(order.Contains));
    }

    private static void Arrange(FakeMachine machine, string what)
    {
        switch (what)
        {
            case "mount":
                machine.Mount = () => throw new LinuxException("mount /proc", Errno.EPERM);
                break;
            case "console":
                machine.Open = OpenOnSecondAttempt(machine);
                break;
            case "setting":
                machine.CommandLine = "console=ttyS0 init.port=0";
                break;
            case "signals":
                machine.Signals = () => throw new LinuxException("make a signalfd", Errno.EMFILE);
                break;
            case "no NSM":
                machine.Nsm = () => NsmCharacterDevice.Open("/dev/nsm");
                break;
            case "dead NSM":
                machine.Nsm = () => new DeadNsmDevice();
                break;
            case "wrong rng":
                machine.EntropySource = "tpm-rng-0\n";
                break;
            case "random not ready":
                machine.RandomReady = false;
                break;
            case "limits":
                machine.Limits = () => throw new LinuxException("set the limit Descriptors", Errno.EPERM);
                break;
            default:
                Assert.Equal("no CRS", what);
                break;
        }
    }

    // The failure road tries once more, and this time there is one.
    private static Func<IDescriptor?> OpenOnSecondAttempt(FakeMachine machine)
    {
        bool first = true;
        return () =>
        {
            if (first)
            {
                first = false;
                throw new LinuxException("open /dev/null", Errno.ENOENT);
            }

            return machine.Console;
        };
    }

    private sealed class DeadNsmDevice : INsmDevice
    {
        public long Opens => 1;

        public int Exchange(ReadOnlySpan<byte> request, Span<byte> response) => throw new LinuxException("call /dev/nsm", Errno.ETIMEDOUT);

        public void Dispose()
        {
        }
    }
}
