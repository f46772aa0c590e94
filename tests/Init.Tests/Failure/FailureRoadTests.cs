using System.Text;
using Init.Console;
using Init.Failure;
using Init.Init.Tests.Boot;
using Init.Linux;
using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Init.Tests.Failure;

public sealed class FailureRoadTests
{
    private readonly FakeMachine _machine = new();
    private readonly BootConsole _console = new();

    [Fact]
    public void It_is_a_line_a_record_and_the_end()
    {
        MemoryDescriptor parent = new();
        List<uint> ports = [];
        _machine.Parent = port =>
        {
            ports.Add(port);
            return parent;
        };
        FailureRoad road = new(_machine, _console);
        _machine.ManualTime.Advance(TimeSpan.FromMilliseconds(1500));
        Assert.Throws<MachineEndedException>(() => road.Take("crs", "missing"));
        Assert.Equal("[init] failed: crs: missing\n", Encoding.ASCII.GetString([.. _machine.Console.Written]));
        Assert.Equal([FailureRecord.Port], ports);
        Assert.Equal(new FailureRecord("crs", "missing", TimeSpan.FromMilliseconds(1500)).Encode(), parent.Written);
        Assert.True(parent.IsDisposed);
        Assert.True(_machine.EndedAsFailed);
    }

    [FailureMode(17, "The consumer of telemetry is slow or gone")]
    [Fact]
    public void Nobody_to_tell_it_to_does_not_stop_it()
    {
        _machine.Open = () => throw new LinuxException("open /dev/null", Errno.ENOENT);
        Assert.Throws<MachineEndedException>(() => new FailureRoad(_machine, _console).Take("filesystems", "mount /dev: EPERM"));
        Assert.True(_machine.EndedAsFailed);
    }

    [Fact]
    public void Only_the_first_takes_it()
    {
        FailureRoad road = new(_machine, _console);
        Assert.Throws<MachineEndedException>(() => road.Take("nsm", "first"));
        Thread second = new(() => road.Take("running", "second")) { IsBackground = true };
        second.Start();
        Assert.False(second.Join(TimeSpan.FromMilliseconds(50)));
        Assert.DoesNotContain("second", Encoding.ASCII.GetString([.. _machine.Console.Written]));
    }
}
