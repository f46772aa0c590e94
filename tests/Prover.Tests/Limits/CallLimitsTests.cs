namespace Init.Prover.Tests.Limits;

/// <summary>Deadlines are one for the whole operation, and monotonic.</summary>
public sealed class CallLimitsTests
{
    [Fact]
    public void Without_a_deadline_nothing_remains_to_count() => Assert.Equal(0ul, CallLimits.None.RemainingNs());

    [Fact]
    public void What_remains_shrinks_with_the_clock_and_then_expires()
    {
        ManualTime time = new();
        CallLimits limits = CallLimits.Within(TimeSpan.FromMilliseconds(100), time);
        Assert.Equal(100_000_000ul, limits.RemainingNs());
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(1_000_000ul, limits.RemainingNs());
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ProverError.DeadlineExpired, Assert.Throws<ProverException>(() => limits.RemainingNs()).Error);
    }

    [Fact]
    public void The_longest_time_does_not_overflow()
    {
        CallLimits limits = CallLimits.Within(TimeSpan.MaxValue, new ManualTime());
        Assert.InRange(limits.RemainingNs(), 1_000_000_000ul * 86_400 * 3650, ulong.MaxValue / 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_deadline_is_in_the_future(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CallLimits.Within(TimeSpan.FromSeconds(seconds)));

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
