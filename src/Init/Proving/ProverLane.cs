using Init.Server;
using Init.Wire;

namespace Init.Proving;

/// <summary>Threads of its own that do one piece of work after the other, and a bounded queue before them.</summary>
/// <remarks>
/// The lock guards the queue and the counters; work and observers run outside of it. The threads sleep in the lock's
/// condition while there is nothing to do, so an idle lane makes no wake-ups.
/// </remarks>
internal sealed class ProverLane : IDisposable
{
    private readonly object _lock = new();
    private readonly LinkedList<LaneJob> _waiting = [];
    private readonly TimeProvider _time;
    private readonly Action _lowerPriority;
    private readonly string _name;
    private readonly int _threads;
    private readonly int _capacity;
    private int _running;
    private long _done;
    private bool _stopping;
    private TimeSpan _average = TimeSpan.FromSeconds(1); // until the first measurement

    /// <summary>Starts the threads.</summary>
    /// <param name="name">For messages and thread names.</param>
    /// <param name="threads">Pieces of work at a time.</param>
    /// <param name="capacity">Pieces that may wait.</param>
    /// <param name="time">Measures how long work takes.</param>
    /// <param name="lowerPriority">Called once on each thread; what it starts inherits the priority.</param>
    public ProverLane(string name, int threads, int capacity, TimeProvider time, Action lowerPriority)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        (_name, _threads, _capacity, _time, _lowerPriority) = (name, threads, capacity, time, lowerPriority);
        for (int i = 0; i < threads; i++)
        {
            new Thread(Work) { Name = name, IsBackground = true }.Start();
        }
    }

    /// <summary>What waits and runs now, and what a piece of work took on average.</summary>
    public LaneStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return new LaneStatistics(_waiting.Count, _running, _done, _average);
            }
        }
    }

    /// <summary>Queues work.</summary>
    /// <exception cref="RequestException">Busy with a retry hint; ShuttingDown.</exception>
    public Task<T> RunAsync<T>(Func<T> work, IWorkObserver? observer, CancellationToken cancellation)
    {
        LaneJob<T> job = new(work, observer, cancellation);
        int position;
        lock (_lock)
        {
            if (_stopping)
            {
                throw new RequestException(ErrorCode.ShuttingDown, $"{_name}: the enclave is shutting down");
            }

            if (_waiting.Count + _running >= _threads + _capacity)
            {
                throw new RequestException(ErrorCode.Busy, $"{_name}: {_waiting.Count} wait already", RetryAfter());
            }

            position = _waiting.Count;
            _waiting.AddLast(job);
            Monitor.Pulse(_lock);
        }

        observer?.Queued(position);
        return AwaitAsync(job);
    }

    /// <summary>Lets no more work in and ends the threads when they are done with what runs; what waits is abandoned.</summary>
    public void Dispose()
    {
        LaneJob[] abandoned;
        lock (_lock)
        {
            _stopping = true;
            abandoned = [.. _waiting];
            _waiting.Clear();
            Monitor.PulseAll(_lock);
        }

        foreach (LaneJob job in abandoned)
        {
            job.Abandon();
        }
    }

    private async Task<T> AwaitAsync<T>(LaneJob<T> job)
    {
        using CancellationTokenRegistration registration = job.Cancellation.UnsafeRegister(_ => GiveUp(job), null);
        return await job.Completion.ConfigureAwait(false);
    }

    private void GiveUp(LaneJob job)
    {
        LaneJob[] behind;
        lock (_lock)
        {
            if (!_waiting.Remove(job))
            {
                return; // it runs or is done: the work looks at the token itself
            }

            behind = [.. _waiting];
        }

        job.Abandon();
        TellPositions(behind);
    }

    private void Work()
    {
        _lowerPriority();
        while (Take() is { } job)
        {
            long start = _time.GetTimestamp();
            job.Observer?.Started();
            job.Execute();
            Finish(_time.GetElapsedTime(start));
        }
    }

    private LaneJob? Take()
    {
        LaneJob job;
        LaneJob[] behind;
        lock (_lock)
        {
            while (_waiting.First is null)
            {
                if (_stopping)
                {
                    return null;
                }

                Monitor.Wait(_lock);
            }

            job = _waiting.First.Value;
            _waiting.RemoveFirst();
            _running++;
            behind = [.. _waiting];
        }

        TellPositions(behind);
        return job;
    }

    private void Finish(TimeSpan took)
    {
        lock (_lock)
        {
            _running--;
            _done++;
            _average = ((_average * 3) + took) / 4; // recent work counts most: clients send similar circuits in a row
        }
    }

    private TimeSpan RetryAfter() => _average * (_waiting.Count + _running) / _threads;

    private static void TellPositions(LaneJob[] waiting)
    {
        for (int position = 0; position < waiting.Length; position++)
        {
            waiting[position].Observer?.Queued(position);
        }
    }
}
