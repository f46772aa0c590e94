namespace Init.Linux;

/// <summary>A point in monotonic time. Steps of the wall clock do not move it.</summary>
public readonly struct Deadline
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan _timeout;

    private Deadline(TimeProvider time, TimeSpan timeout)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timeout = timeout;
    }

    /// <summary>Whether the time is up. A default value's always is.</summary>
    public bool HasPassed => Remaining == TimeSpan.Zero;

    /// <summary>What is left, never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            // Not start + timeout: that overflows for the longest timeouts.
            TimeSpan left = _time is null ? TimeSpan.Zero : _timeout - _time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>What is left in milliseconds, rounded up so that a wait for it does not end early and spin; for poll(2).</summary>
    public int RemainingMs => (int)Math.Min(Math.Ceiling(Remaining.TotalMilliseconds), int.MaxValue);

    /// <summary>A deadline that passes after a time.</summary>
    /// <param name="timeout">From now on; not negative.</param>
    /// <param name="time">The clock that it is told by; the system's when null.</param>
    public static Deadline After(TimeSpan timeout, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        return new Deadline(time ?? TimeProvider.System, timeout);
    }
}
