using System.Text;
using Init.Boot;
using Init.Console;
using Init.Failure;
using Init.Testing.Campaign;

namespace Init.Init.Tests.Boot;

public sealed class WatchdogTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_stage_that_never_ends_is_late()
    {
        using ManualResetEventSlim called = new();
        Stage? late = null;
        using Watchdog watchdog = new(stage =>
        {
            late = stage;
            called.Set();
        });
        watchdog.Watch(new Stage("nsm", default, () => default), TimeSpan.FromMilliseconds(20));
        Assert.True(called.Wait(Long));
        Assert.Equal("nsm", late!.Name);
    }

    [Fact]
    public void A_stage_that_was_in_time_is_not_watched_any_more()
    {
        using ManualResetEventSlim called = new();
        List<string> late = [];
        using Watchdog watchdog = new(stage =>
        {
            late.Add(stage.Name);
            called.Set();
        });

        // The first one's deadline passes while the second is watched.
        watchdog.Watch(new Stage("quick", default, () => default), TimeSpan.FromMilliseconds(20));
        watchdog.Watch(new Stage("slow", default, () => default), TimeSpan.FromMilliseconds(60));
        Assert.True(called.Wait(Long));
        Assert.Equal(["slow"], late);
    }

    [FailureMode(7, "PID 1 returns")]
    [Fact]
    public void A_stage_that_is_stuck_takes_the_road_of_failure_from_the_watchdogs_thread()
    {
        FakeMachine machine = new();
        using ManualResetEventSlim connected = new();
        BootConsole console = new();
        console.Open(machine.Console);
        machine.Parent = _ =>
        {
            connected.Set();
            new ManualResetEventSlim().Wait(); // the test's process ends before the enclave would
            throw new InvalidOperationException();
        };
        BootSequence sequence = new(machine.Time, console, new FailureRoad(machine, console));
        sequence.Run([new Stage("stuck", TimeSpan.FromMilliseconds(20), () =>
        {
            Assert.True(connected.Wait(Long));
            return StageResult.Done("after all");
        })]);
        string text = Encoding.ASCII.GetString([.. machine.Console.Written]);
        Assert.StartsWith("[init] failed: stuck: not done within 0.02 s\n", text);
    }
}
