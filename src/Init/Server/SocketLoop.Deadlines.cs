namespace Init.Server;

/// <content>Deadlines: the time until the earliest one is the timeout of epoll_wait(2). There is no tick.</content>
internal sealed partial class SocketLoop
{
    /// <summary>No deadline.</summary>
    public static readonly TimeSpan Never = TimeSpan.MaxValue;

    private readonly Func<TimeSpan> _expire;
    private long _earliest = Never.Ticks; // not later than the earliest deadline that exists

    /// <summary>Not later than the earliest deadline, by <see cref="Now"/>.</summary>
    internal TimeSpan Earliest => TimeSpan.FromTicks(Volatile.Read(ref _earliest));

    /// <summary>Something has a deadline now. Any thread.</summary>
    /// <remarks>
    /// Deadlines that are lifted again are not taken back: the loop finds nothing due then and looks for the next one. Since most
    /// deadlines are set anew before they pass, that is one needless look in as many seconds as the shortest of them has.
    /// </remarks>
    /// <param name="due">By <see cref="Now"/>.</param>
    public void Expect(TimeSpan due)
    {
        long known = Volatile.Read(ref _earliest);
        while (due.Ticks < known)
        {
            long before = Interlocked.CompareExchange(ref _earliest, due.Ticks, known);
            if (before == known)
            {
                if (!IsMine)
                {
                    Wake();
                }

                return;
            }

            known = before;
        }
    }

    /// <summary>Lets the loop look at the clock. For a clock that is not the system's.</summary>
    internal void Wake() => Schedule(static _ => { }, null);

    /// <summary>Looks for the earliest deadline anew, so that one that was lifted wakes nobody. The loop's thread.</summary>
    internal void FindEarliest()
    {
        // Before looking: what is expected meanwhile, by another thread, lowers it again.
        Interlocked.Exchange(ref _earliest, Never.Ticks);
        Expect(_expire());
    }

    private void ExpireDeadlines()
    {
        if (Volatile.Read(ref _earliest) <= Now.Ticks)
        {
            FindEarliest();
        }
    }

    private int TimeoutMs()
    {
        long earliest = Volatile.Read(ref _earliest);
        if (earliest == Never.Ticks)
        {
            return -1;
        }

        // Rounded up: rounded down, the loop would spin through the deadline's last millisecond.
        long left = (earliest - Now.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return (int)Math.Clamp(left, 0, int.MaxValue);
    }
}
