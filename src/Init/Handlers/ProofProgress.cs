using Init.Proving;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Sends a prove request's progress: its place in the queue, its start, then every second that it runs.</summary>
/// <remarks>Any thread. The lock keeps the order: a place in the queue that is told late must not follow the start.</remarks>
internal sealed class ProofProgress : IWorkObserver, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly IRequestContext _context;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _begin;
    private bool _hasStarted;

    /// <summary>Begins to count the time.</summary>
    public ProofProgress(IRequestContext context, TimeProvider time)
    {
        (_context, _time, _begin) = (context, time, time.GetTimestamp());
        _timer = time.CreateTimer(
            static state => ((ProofProgress)state!).Report(ProgressStage.Running), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Queued(int position)
    {
        lock (_lock)
        {
            if (!_hasStarted)
            {
                Report(ProgressStage.Queued, (ulong)position);
            }
        }
    }

    /// <inheritdoc/>
    public void Started()
    {
        lock (_lock)
        {
            _hasStarted = true;
            Report(ProgressStage.Started);
            _timer.Change(Period, Period);
        }
    }

    /// <summary>Sends no more. The request's own end drops what comes late.</summary>
    public void Dispose() => _timer.Dispose();

    private void Report(ProgressStage stage, ulong detail = 0) =>
        _context.Report(ReplyCodec.Encode(new ProgressEvent(stage, (ulong)_time.GetElapsedTime(_begin).TotalMilliseconds, detail)));
}
