using Init.Linux;

namespace Init.Parent.Bench;

/// <summary>Wakes who waits for a moment, tens of microseconds after it: the runtime's own timers come a millisecond late.</summary>
/// <remarks>Threads: one of its own waits (epoll and a timerfd); anybody may ask it. Waiting ends with <see cref="Dispose"/>.</remarks>
internal sealed class Pacer : IDisposable
{
    private const ulong TimerToken = 0;
    private const ulong WakeToken = 1;

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private readonly KernelTimer _timer = new();
    private readonly EventCounter _wake = new();
    private readonly Epoll _epoll = new();
    private readonly Thread _thread;
    private bool _isDisposed;

    public Pacer(TimeProvider time)
    {
        _time = time;
        _epoll.Add(_timer.Number, EpollEvents.In, TimerToken);
        _epoll.Add(_wake.Number, EpollEvents.In, WakeToken);
        _thread = new Thread(Run) { IsBackground = true, Name = "pacer" };
        _thread.Start();
    }

    /// <summary>Ends at a moment, or when this is disposed.</summary>
    /// <param name="timestamp">Of the clock's <see cref="TimeProvider.GetTimestamp"/>.</param>
    public Task WaitUntilAsync(long timestamp)
    {
        if (_time.GetTimestamp() >= timestamp)
        {
            return Task.CompletedTask;
        }

        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isDisposed)
            {
                return Task.CompletedTask;
            }

            bool isFirst = !_waiting.TryPeek(out _, out long first) || timestamp < first;
            _waiting.Enqueue(waiter, timestamp);
            if (isFirst)
            {
                _wake.Signal();
            }
        }

        return waiter.Task;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _wake.Signal();
        }

        _thread.Join();
        _epoll.Dispose();
        _wake.Dispose();
        _timer.Dispose();
    }

    private void Run()
    {
        EpollEvent[] events = new EpollEvent[2];
        while (Release())
        {
            _epoll.Wait(events, -1);
            _timer.Take();
            _wake.Take();
        }
    }

    /// <summary>Wakes those whose time has come and sets the timer for the next; false when disposed.</summary>
    private bool Release()
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out TaskCompletionSource? waiter, out long timestamp))
            {
                TimeSpan left = _time.GetElapsedTime(_time.GetTimestamp(), timestamp);
                if (left > TimeSpan.Zero && !_isDisposed)
                {
                    _timer.Set(left);
                    break;
                }

                _waiting.Dequeue();
                waiter.SetResult();
            }

            return !_isDisposed;
        }
    }
}
