using System.Globalization;
using Init.Console;
using Init.Failure;
using Init.Wire;

namespace Init.Boot;

/// <summary>Runs the table of stages in order, on the calling thread, with a line and a time for each.</summary>
/// <remarks>It catches nothing: what a stage throws is the end of the enclave, and <see cref="Current"/> says where.</remarks>
internal sealed class BootSequence(TimeProvider time, BootConsole console, FailureRoad failure)
{
    private readonly List<StageHealth> _done = [];

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
            Current = stage.Name;
            watchdog.Watch(stage);
            Run(stage);
        }

        Current = "running";
    }

    private void Run(Stage stage)
    {
        long start = time.GetTimestamp();
        (StageOutcome outcome, string detail) = stage.Run();
        long durationMs = (long)time.GetElapsedTime(start).TotalMilliseconds;
        _done.Add(new StageHealth { Name = stage.Name, Outcome = outcome, DurationMs = (ulong)durationMs });
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage.Name}: {detail} ({durationMs} ms)"));
    }
}
