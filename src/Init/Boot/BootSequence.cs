using System.Globalization;
using Init.Console;
using Init.Failure;
using Init.Wire;

namespace Init.Boot;

/// <summary>Runs the table of stages in order, with a line and a time for each.</summary>
/// <remarks>
/// On the calling thread, but for stages that a later one needs: these run beside those between, and have their line when they are needed.
/// It catches nothing: what a stage throws is the end of the enclave, and <see cref="Current"/> says where. What a stage beside has thrown
/// comes out when it is needed.
/// </remarks>
internal sealed class BootSequence(TimeProvider time, BootConsole console, FailureRoad failure)
{
    private readonly List<StageHealth> _done = [];
    private readonly List<StageBeside> _beside = [];

    /// <summary>The stage that runs; <c>running</c> after the last.</summary>
    public string Current { get; private set; } = "start";

    /// <summary>What has run so far.</summary>
    public IReadOnlyList<StageHealth> Done => _done;

    /// <summary>Runs the stages.</summary>
    public void Run(IEnumerable<Stage> stages)
    {
        using Watchdog watchdog = new(late => failure.Take(
            late.Name, string.Create(CultureInfo.InvariantCulture, $"not done within {late.Deadline.TotalSeconds} s")));
        foreach (Stage stage in stages)
        {
            Join(watchdog, stage.Name);
            if (stage.NeededBy is null)
            {
                Current = stage.Name;
                watchdog.Watch(stage, stage.Deadline);
                Run(stage);
            }
            else
            {
                _beside.Add(new StageBeside(stage, time));
            }
        }

        Current = "running";
    }

    // Those that this stage needs.
    private void Join(Watchdog watchdog, string next)
    {
        for (int i = 0; i < _beside.Count; i++)
        {
            StageBeside beside = _beside[i];
            if (beside.Stage.NeededBy == next)
            {
                Current = beside.Stage.Name;
                if (!beside.IsOver)
                {
                    watchdog.Watch(beside.Stage, beside.TimeLeft);
                }

                (StageResult result, TimeSpan duration) = beside.Join();
                _beside.RemoveAt(i--);
                Report(beside.Stage, result, duration);
            }
        }
    }

    private void Run(Stage stage)
    {
        long start = time.GetTimestamp();
        StageResult result = stage.Run();
        Report(stage, result, time.GetElapsedTime(start));
    }

    private void Report(Stage stage, StageResult result, TimeSpan duration)
    {
        long durationMs = (long)duration.TotalMilliseconds;
        _done.Add(new StageHealth { Name = stage.Name, Outcome = result.Outcome, DurationMs = (ulong)durationMs });
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage.Name}: {result.Detail} ({durationMs} ms)"));
    }
}
