using Init.Server;
using Init.Wire;

namespace Init.Proving;

/// <summary>Memory that work in the prover may take together. Work reserves what it may take first and waits until it fits.</summary>
/// <remarks>
/// Any thread; the lock is held for a comparison. Waiting blocks the lane's thread, never a thread of the pool. Who came first is served first:
/// else a lane that always has work would reserve again what it has just given back, and another would wait for ever.
/// </remarks>
/// <param name="limitBytes">What all reservations together may reach.</param>
internal sealed class MemoryBudget(long limitBytes)
{
    private readonly object _lock = new();
    private readonly LinkedList<long> _waiting = [];
    private long _reserved;

    /// <summary>Bytes reserved now.</summary>
    public long ReservedBytes
    {
        get
        {
            lock (_lock)
            {
                return _reserved;
            }
        }
    }

    /// <summary>Blocks until the bytes fit.</summary>
    /// <param name="bytes">An estimate.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Dispose gives the bytes back.</returns>
    /// <exception cref="RequestException">TooLarge: it would not fit if nothing else ran.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IDisposable Reserve(long bytes, CancellationToken cancellation)
    {
        if (bytes > limitBytes)
        {
            throw new RequestException(
                ErrorCode.TooLarge, $"prove: needs an estimated {bytes >> 20} MiB, {limitBytes >> 20} MiB are configured");
        }

        using CancellationTokenRegistration wake = cancellation.UnsafeRegister(static state => ((MemoryBudget)state!).WakeAll(), this);
        lock (_lock)
        {
            LinkedListNode<long> place = _waiting.AddLast(bytes);
            try
            {
                while (_waiting.First != place || _reserved + bytes > limitBytes)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Monitor.Wait(_lock); // until a reservation or a wait ends, or the token fires: all pulse
                }

                cancellation.ThrowIfCancellationRequested();
                _reserved += bytes;
                return new Reservation(this, bytes);
            }
            finally
            {
                _waiting.Remove(place);
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void WakeAll()
    {
        lock (_lock)
        {
            Monitor.PulseAll(_lock);
        }
    }

    private sealed class Reservation(MemoryBudget budget, long bytes) : IDisposable
    {
        private MemoryBudget? _budget = budget;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _budget, null) is { } owner)
            {
                lock (owner._lock)
                {
                    owner._reserved -= bytes;
                    Monitor.PulseAll(owner._lock);
                }
            }
        }
    }
}
