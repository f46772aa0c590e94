using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

/// <summary>Nothing here changes the machine's clock.</summary>
public sealed class ClockTests
{
    [FailureMode(12, "Seconds, milliseconds, nanoseconds")]
    [Fact]
    public void The_wall_clock_is_the_one_that_dotnet_reads()
    {
        DateTime before = DateTime.UtcNow;
        DateTime read = DateTime.UnixEpoch.AddTicks(SystemClock.RealtimeNs / 100);
        Assert.InRange(read, before.AddMilliseconds(-10), DateTime.UtcNow.AddMilliseconds(10));
    }

    [Fact]
    public void The_monotonic_clock_goes_forwards()
    {
        long first = SystemClock.MonotonicNs;
        Assert.InRange(SystemClock.MonotonicNs - first, 0, 10_000_000_000);
    }

    [Fact]
    public void The_frequency_and_the_slew_can_be_read()
    {
        Assert.InRange(SystemClock.FrequencyPpm, -SystemClock.MaxFrequencyPpm, SystemClock.MaxFrequencyPpm);
        Assert.InRange(SystemClock.PhaseLeft, TimeSpan.FromHours(-1), TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData(500.1)]
    [InlineData(-500.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_frequency_that_the_kernel_does_not_take_is_refused(double partsPerMillion) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemClock.SetFrequency(partsPerMillion));

    [Fact]
    public void A_time_before_1970_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => SystemClock.Step(-1));

    [FailureMode(12, "Seconds, milliseconds, nanoseconds")]
    [Fact]
    public void Seconds_and_nanoseconds_are_exact()
    {
        Headers.time_h.timespec spec = SystemClock.SpecOf(1_767_323_045_678_901_234);
        Assert.Equal((1_767_323_045, 678_901_234), (spec.tv_sec, spec.tv_nsec));
        spec = SystemClock.SpecOf(999_999_999);
        Assert.Equal((0, 999_999_999), (spec.tv_sec, spec.tv_nsec));
    }

    [Theory]
    [InlineData(0, -5)]
    [InlineData(3, -29)]
    public void A_descriptor_is_a_clock_as_in_FD_TO_CLOCKID(int number, int clock) => Assert.Equal(clock, PtpClock.ClockOf(number));

    [Fact]
    public void A_device_that_is_no_clock_is_refused()
    {
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => new PtpClock("/dev/no-ptp")).Errno);
        using var clock = new PtpClock("/dev/null");
        Assert.Equal("read the PTP clock: EINVAL", Assert.Throws<LinuxException>(() => clock.Sample()).Message);
    }

    [Fact]
    public void An_offset_is_taken_from_the_middle_of_the_round_trip()
    {
        var sample = new PtpSample(1000, 1600, 1200);
        Assert.Equal((200, 500), (sample.RoundTripNs, sample.OffsetNs));
        sample = new PtpSample(1000, 900, 1200);
        Assert.Equal(-200, sample.OffsetNs);
    }
}
