namespace Init.Boot;

/// <summary>A stage that runs on a thread of its own while the table goes on.</summary>
internal sealed class StageBeside
{
    private readonly Task<(StageResult Result, TimeSpan Duration)> _task;
    private readonly long _start;
    private readonly TimeProvider _time;

    /// <summary>Starts it.</summary>
    public StageBeside(Stage stage, TimeProvider time)
    {
        (Stage, _time, _start) = (stage, time, time.GetTimestamp());
        _task = Task.Factory.StartNew(
            () => (stage.Run(), time.GetElapsedTime(_start)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Which one it is.</summary>
    public Stage Stage { get; }

    /// <summary>What is left of its time; zero when it is late.</summary>
    public TimeSpan TimeLeft
    {
        get
        {
            TimeSpan left = Stage.Deadline - _time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Whether <see cref="Join"/> would not wait.</summary>
    public bool IsOver => _task.IsCompleted;

    /// <summary>Waits for it. What it threw is thrown here.</summary>
    public (StageResult Result, TimeSpan Duration) Join() => _task.GetAwaiter().GetResult();
}
