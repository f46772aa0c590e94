using System.Text;
using Init.Boot;
using Init.Console;
using Init.Failure;

namespace Init.Init.Tests.Boot;

/// <summary>Stages that run beside those which do not need what they make.</summary>
public sealed class StageBesideTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly FakeMachine _machine = new();
    private readonly BootSequence _sequence;

    public StageBesideTests()
    {
        BootConsole console = new();
        console.Open(_machine.Console);
        _sequence = new BootSequence(_machine.Time, console, new FailureRoad(_machine, console));
    }

    private string[] Lines => Encoding.ASCII.GetString([.. _machine.Console.Written]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void It_runs_while_others_do_and_is_over_before_the_one_that_needs_it_begins()
    {
        using ManualResetEventSlim isBeside = new(), mayEnd = new();
        bool isOver = false;
        _sequence.Run(
        [
            Beside("keys", () =>
            {
                isBeside.Set();
                Assert.True(mayEnd.Wait(Long));
                isOver = true;
            }),
            Plain("crs", () =>
            {
                Assert.True(isBeside.Wait(Long));
                mayEnd.Set();
            }),
            Plain("ready", () => Assert.True(isOver)),
        ]);
        Assert.Equal(["[init] crs: done (0 ms)", "[init] keys: done (0 ms)", "[init] ready: done (0 ms)"], Lines);
        Assert.Equal(["crs", "keys", "ready"], _sequence.Done.Select(stage => stage.Name));
        Assert.Equal("running", _sequence.Current);
    }

    [Fact]
    public void What_it_throws_ends_boot_under_its_name_and_the_one_that_needs_it_never_begins()
    {
        bool hasRun = false, hasBegun = false;
        InvalidOperationException cause = Assert.Throws<InvalidOperationException>(() => _sequence.Run(
        [
            Beside("keys", () => throw new InvalidOperationException("no key")), Plain("crs", () => hasRun = true), Plain("ready", () => hasBegun = true),
        ]));
        Assert.Equal(("no key", "keys", true, false), (cause.Message, _sequence.Current, hasRun, hasBegun));
    }

    [Fact]
    public void One_that_is_stuck_is_late_from_when_it_began()
    {
        using ManualResetEventSlim connected = new();
        _machine.Parent = _ =>
        {
            connected.Set();
            new ManualResetEventSlim().Wait(); // the test's process ends before the enclave would
            throw new InvalidOperationException();
        };
        _sequence.Run(
        [
            Beside("keys", () => Assert.True(connected.Wait(Long)), deadline: TimeSpan.FromMilliseconds(20)),
            Plain("crs", () => _machine.ManualTime.Advance(TimeSpan.FromMilliseconds(30))),
            Plain("ready", () => { }),
        ]);
        Assert.Equal("[init] failed: keys: not done within 0.02 s", Lines[1]);
    }

    private static Stage Plain(string name, Action run, TimeSpan? deadline = null) => new(name, deadline ?? Long, () =>
    {
        run();
        return StageResult.Done("done");
    });

    private static Stage Beside(string name, Action run, TimeSpan? deadline = null) => Plain(name, run, deadline) with { NeededBy = "ready" };
}
