namespace Init.Prover;

/// <summary>Until when a call may run, what may end it earlier, and how much memory it may take.</summary>
/// <remarks>The deadline is one for the whole operation, however many calls into the sandbox it takes; it is monotonic.</remarks>
public readonly struct CallLimits
{
    // Longer than any machine runs, and far from overflow in nanoseconds.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private readonly TimeProvider? _time;
    private readonly long _start;
    private readonly TimeSpan _allowed;

    private CallLimits(TimeProvider? time, TimeSpan allowed, CancellationToken cancellation)
    {
        _time = time;
        _start = time?.GetTimestamp() ?? 0;
        _allowed = allowed;
        Cancellation = cancellation;
    }

    /// <summary>Neither deadline nor cancellation.</summary>
    public static CallLimits None => default;

    /// <summary>Ends the call with <see cref="ProverError.Cancelled"/>.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Linear memory that an instance may have beyond what the snapshot stores, in bytes; 0: what the prover's options say.</summary>
    public long MemoryBytes { get; private init; }

    /// <summary>The same, with a limit of memory; one more byte is <see cref="ProverError.MemoryLimit"/>.</summary>
    /// <param name="bytes">More than zero.</param>
    public CallLimits InMemory(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bytes, 0);
        return this with { MemoryBytes = bytes };
    }

    /// <summary>A deadline <paramref name="allowed"/> from now, by the system's monotonic clock.</summary>
    /// <param name="allowed">More than zero.</param>
    /// <param name="cancellation">Ends the call earlier.</param>
    public static CallLimits Within(TimeSpan allowed, CancellationToken cancellation = default) =>
        Within(allowed, TimeProvider.System, cancellation);

    /// <summary>A deadline <paramref name="allowed"/> from now, by a clock of the caller's.</summary>
    /// <param name="allowed">More than zero.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the call earlier.</param>
    public static CallLimits Within(TimeSpan allowed, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(allowed, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(time);
        return new CallLimits(time, allowed, cancellation);
    }

    /// <summary>Cancellation without a deadline.</summary>
    public static CallLimits Until(CancellationToken cancellation) => new(null, default, cancellation);

    /// <summary>What is left, in nanoseconds; 0 when there is no deadline.</summary>
    /// <exception cref="ProverException">DeadlineExpired.</exception>
    internal ulong RemainingNs()
    {
        if (_time is null)
        {
            return 0;
        }

        TimeSpan left = _allowed - _time.GetElapsedTime(_start);
        return left > TimeSpan.Zero
            ? (ulong)(left < Longest ? left : Longest).Ticks * 100
            : throw new ProverException(ProverError.DeadlineExpired, $"call the prover: deadline of {_allowed.TotalMilliseconds:F0} ms expired");
    }
}
