using Init.Linux;

namespace Init.Boot;

/// <summary>Ends the enclave when a boot stage takes longer than it may. A thread of its own: a stage may be stuck in the kernel.</summary>
/// <remarks>The lock guards what is watched. The thread sleeps until the deadline, or until there is something else to watch.</remarks>
internal sealed class Watchdog : IDisposable
{
    private readonly object _lock = new();
    private readonly Action<Stage> _onLate;
    private Stage? _stage;
    private Deadline _deadline;
    private bool _isDisposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="onLate">Called once, on the thread, with the stage that is late.</param>
    public Watchdog(Action<Stage> onLate)
    {
        _onLate = onLate;
        new Thread(Watch) { Name = "watchdog", IsBackground = true }.Start();
    }

    /// <summary>Watches this stage from now on, and no other.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="timeLeft">How long it may still take.</param>
    public void Watch(Stage stage, TimeSpan timeLeft)
    {
        lock (_lock)
        {
            _stage = stage;
            _deadline = Deadline.After(timeLeft);
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Monitor.Pulse(_lock);
        }
    }

    private void Watch()
    {
        if (WaitForALateStage() is { } late)
        {
            _onLate(late);
        }
    }

    private Stage? WaitForALateStage()
    {
        lock (_lock)
        {
            while (!_isDisposed)
            {
                if (_stage is null)
                {
                    Monitor.Wait(_lock);
                }
                else if (_deadline.HasPassed)
                {
                    return _stage;
                }
                else
                {
                    Monitor.Wait(_lock, _deadline.RemainingMs);
                }
            }

            return null;
        }
    }
}
