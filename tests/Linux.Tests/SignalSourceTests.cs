namespace Init.Linux.Tests;

public sealed class SignalSourceTests
{
    [Fact]
    public void Blocked_signals_are_read_one_by_one() => Native.OnOwnThread(() =>
    {
        Native.Block(Signal.SIGUSR1, Signal.SIGUSR2);
        using var signals = new SignalSource(Signal.SIGUSR1, Signal.SIGUSR2);
        using var epoll = new Epoll();
        epoll.Add(signals.Number, EpollEvents.In, 1);
        Assert.False(signals.TryRead(out Signal none));
        Assert.Equal(Signal.None, none);

        Assert.Equal(0, Native.tgkill(Environment.ProcessId, Native.gettid(), (int)Signal.SIGUSR2));
        Assert.Equal(0, Native.tgkill(Environment.ProcessId, Native.gettid(), (int)Signal.SIGUSR1));
        Assert.Equal(1, epoll.Wait(new EpollEvent[1], 30_000));
        Assert.True(signals.TryRead(out Signal first));
        Assert.True(signals.TryRead(out Signal second));
        Assert.Equal([Signal.SIGUSR1, Signal.SIGUSR2], new[] { first, second }.Order());
        Assert.False(signals.TryRead(out _));
    });
}
