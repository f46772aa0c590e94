using Init.Testing;

namespace Init.Linux.Tests;

public sealed class DeadlineTests
{
    [Fact]
    public void What_is_left_is_rounded_up_so_that_a_wait_does_not_spin()
    {
        ManualTime time = new();
        Deadline deadline = Deadline.After(TimeSpan.FromMilliseconds(10), time);
        Assert.Equal(10, deadline.RemainingMs);
        time.Advance(TimeSpan.FromMicroseconds(9_999.9));
        Assert.Equal(1, deadline.RemainingMs);
        Assert.False(deadline.HasPassed);
        time.Advance(TimeSpan.FromMicroseconds(0.1));
        Assert.Equal(0, deadline.RemainingMs);
        Assert.True(deadline.HasPassed);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.Zero, deadline.Remaining);
    }

    [Fact]
    public void The_longest_deadline_does_not_overflow()
    {
        ManualTime time = new();
        time.Advance(TimeSpan.FromDays(1));
        Deadline deadline = Deadline.After(TimeSpan.MaxValue, time);
        time.Advance(TimeSpan.FromDays(1));
        Assert.False(deadline.HasPassed);
        Assert.Equal(int.MaxValue, deadline.RemainingMs);
    }

    [Fact]
    public void A_deadline_that_nobody_set_has_passed() => Assert.True(default(Deadline).HasPassed);

    [Fact]
    public void A_negative_time_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Deadline.After(TimeSpan.FromTicks(-1)));
}
