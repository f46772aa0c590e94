using Init.Testing.Campaign;

namespace Init.Linux.Tests;

[Collection(nameof(AloneGroup))]
public sealed class ChildReaperTests
{
    [FailureMode(37, "Orphans")]
    [Fact]
    public void Every_child_that_ended_is_reaped_and_none_that_runs()
    {
        Assert.Equal(0, ChildReaper.ReapAll());
        int[] ended = [.. Enumerable.Range(0, 3).Select(_ => Start("/bin/true"))];
        int running = Start("/bin/sleep", "1000");
        Assert.All(ended, WaitUntilZombie);
        Assert.Equal(3, ChildReaper.ReapAll());
        Assert.Equal(0, ChildReaper.ReapAll());
        Assert.All(ended, pid => Assert.False(Directory.Exists($"/proc/{pid}")));
        Assert.True(Directory.Exists($"/proc/{running}"));
        Assert.Equal(0, Native.kill(running, 9));
        WaitUntilZombie(running);
        Assert.Equal(1, ChildReaper.ReapAll());
    }

    private static unsafe int Start(string program, string? argument = null)
    {
        int pid;
        byte[] name = FileSystem.NullTerminated(program);
        byte[] first = FileSystem.NullTerminated(argument ?? "");
        fixed (byte* programStart = name, argumentStart = first)
        {
            byte** argv = stackalloc byte*[3];
            argv[0] = programStart;
            argv[1] = argument is null ? null : argumentStart;
            argv[2] = null;
            byte** envp = stackalloc byte*[1];
            envp[0] = null;
            Assert.Equal(0, Native.posix_spawn(&pid, programStart, 0, 0, argv, envp));
        }

        return pid;
    }

    private static unsafe void WaitUntilZombie(int pid)
    {
        byte* information = stackalloc byte[128];
        Assert.Equal(0, Native.waitid(Native.P_PID, pid, information, Native.WEXITED | Native.WNOWAIT));
    }
}
