namespace Init.Linux.Tests;

[Collection(nameof(AloneGroup))]
public sealed class ProcessLimitsTests
{
    [Fact]
    public void A_limit_is_set_and_read()
    {
        (ulong soft, ulong hard) = ProcessLimits.Get(ResourceLimit.CoreBytes);
        ProcessLimits.Set(ResourceLimit.CoreBytes, 0, hard);
        Assert.Equal((0ul, hard), ProcessLimits.Get(ResourceLimit.CoreBytes));
        ProcessLimits.Set(ResourceLimit.CoreBytes, soft, hard);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => ProcessLimits.Set(ResourceLimit.CoreBytes, 1, 0)).Errno);
    }

    [Fact]
    public void The_limit_of_descriptors_is_the_one_that_proc_shows()
    {
        (ulong soft, ulong hard) = ProcessLimits.Get(ResourceLimit.Descriptors);
        string line = File.ReadLines("/proc/self/limits").Single(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        Assert.Equal([$"{soft}", $"{hard}"], line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2));
        string locked = File.ReadLines("/proc/self/limits").Single(l => l.StartsWith("Max locked memory", StringComparison.Ordinal));
        Assert.EndsWith("bytes", locked.TrimEnd());
        ulong lockedSoft = ProcessLimits.Get(ResourceLimit.LockedBytes).Soft;
        Assert.Contains(lockedSoft == ulong.MaxValue ? "unlimited" : $"{lockedSoft}", locked);
    }

    [Fact]
    public void Dumps_are_forbidden()
    {
        Assert.Equal(1, Native.prctl(Native.PR_GET_DUMPABLE, 0, 0, 0, 0));
        ProcessLimits.ForbidDumps();
        Assert.Equal(0, Native.prctl(Native.PR_GET_DUMPABLE, 0, 0, 0, 0));
        Assert.Equal(0, Native.prctl(Headers.sys_prctl_h.PR_SET_DUMPABLE, 1, 0, 0, 0));
    }

    [Fact]
    public void New_privileges_are_forbidden_for_a_thread_and_those_it_starts() => Native.OnOwnThread(() =>
    {
        ProcessLimits.ForbidNewPrivileges();
        Assert.Equal("1", StatusOf("NoNewPrivs"));
        Native.OnOwnThread(() => Assert.Equal("1", StatusOf("NoNewPrivs")));
    });

    [Fact]
    public void A_thread_is_nice_alone() => Native.OnOwnThread(() =>
    {
        int process = Native.getpriority(0, Environment.ProcessId);

        // Where the tests run as nicely as can be, only root can tell the two apart.
        int mine = process == 19 ? 18 : 19;
        ProcessLimits.SetThreadNiceness(mine);
        Assert.Equal(mine, Native.getpriority(0, Native.gettid()));
        Assert.Equal(process, Native.getpriority(0, Environment.ProcessId));
    });

    [Fact]
    public void The_adjustment_for_lack_of_memory_is_written()
    {
        string before = FileSystem.ReadSmallText("/proc/self/oom_score_adj");
        ProcessLimits.SetOutOfMemoryAdjustment(1000);
        Assert.Equal("1000", FileSystem.ReadSmallText("/proc/self/oom_score_adj"));
        Assert.Equal("write /proc/self/oom_score_adj: EINVAL", Assert.Throws<LinuxException>(() => ProcessLimits.SetOutOfMemoryAdjustment(1001)).Message);
        if (Environment.IsPrivilegedProcess)
        {
            ProcessLimits.SetOutOfMemoryAdjustment(int.Parse(before, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static string StatusOf(string name) =>
        File.ReadLines("/proc/thread-self/status").Single(l => l.StartsWith(name + ":", StringComparison.Ordinal)).Split('\t')[1];
}
