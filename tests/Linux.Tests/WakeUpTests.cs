using Init.Testing.Campaign;

namespace Init.Linux.Tests;

/// <summary>eventfd and timerfd, as an epoll loop uses them.</summary>
public sealed class WakeUpTests
{
    [Fact]
    public void Signals_add_up_and_are_taken_at_once()
    {
        using var counter = new EventCounter();
        Assert.Equal(0ul, counter.Take());
        counter.Signal();
        counter.Signal();
        Assert.Equal(2ul, counter.Take());
        Assert.Equal(0ul, counter.Take());
    }

    [Fact]
    public void A_counter_that_is_full_does_not_block_who_signals_it()
    {
        using var counter = new EventCounter();
        using var other = new KernelDescriptor(new FileDescriptor(Native.dup(counter.Number)));
        Assert.True(DescriptorIo.Write(other, BitConverter.GetBytes(ulong.MaxValue - 1)).IsDone);
        counter.Signal();
        Assert.Equal(ulong.MaxValue - 1, counter.Take());
    }

    [Fact]
    public void A_counter_that_another_process_made_can_be_used()
    {
        using var counter = new EventCounter();
        using var same = new EventCounter(new FileDescriptor(Native.dup(counter.Number)));
        same.Signal();
        Assert.Equal(1ul, counter.Take());
    }

    [Fact]
    public void A_timer_goes_off_once_or_again_and_again()
    {
        using var timer = new KernelTimer();
        using var epoll = new Epoll();
        epoll.Add(timer.Number, EpollEvents.In, 1);
        var events = new EpollEvent[1];
        Assert.Equal(0ul, timer.Take());
        timer.Set(TimeSpan.FromTicks(1));
        Assert.Equal(1, epoll.Wait(events, 30_000));
        Assert.Equal(1ul, timer.Take());
        Assert.Equal(0ul, timer.Take());

        timer.Set(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        ulong total = 0;
        while (total < 3)
        {
            Assert.Equal(1, epoll.Wait(events, 30_000));
            total += timer.Take();
        }

        timer.Stop();
        timer.Take();
        Assert.Equal(0, epoll.Wait(events, 0));
    }

    [Fact]
    public void A_timer_without_a_time_is_refused()
    {
        using var timer = new KernelTimer();

        // Zero would disarm it silently.
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Set(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Set(TimeSpan.FromTicks(1), TimeSpan.FromTicks(-1)));
    }

    [FailureMode(12, "Seconds, milliseconds, nanoseconds")]
    [Fact]
    public void Times_are_exact_to_the_tick()
    {
        Headers.time_h.timespec spec = KernelTimer.SpecOf(new TimeSpan(12_345_678_901_234_567));
        Assert.Equal((1_234_567_890, 123_456_700), (spec.tv_sec, spec.tv_nsec));
    }
}
