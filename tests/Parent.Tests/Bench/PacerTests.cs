using Init.Parent.Bench;

namespace Init.Parent.Tests.Bench;

public sealed class PacerTests
{
    [Fact]
    public async Task Nobody_is_woken_early_and_an_earlier_moment_that_comes_later_is_not_missed()
    {
        TimeProvider time = TimeProvider.System;
        using Pacer pacer = new(time);
        long now = time.GetTimestamp();
        long At(double ms) => now + (long)(ms * time.TimestampFrequency / 1000);
        Task<long>[] woken = [.. new[] { 200.0, 20, 60, 0, -5, 21 }.Select(async ms =>
        {
            await pacer.WaitUntilAsync(At(ms));
            return time.GetTimestamp() - At(ms);
        })];
        Task first = await Task.WhenAny(woken[0], woken[1]);
        Assert.Same(woken[1], first);
        Assert.All(await Task.WhenAll(woken), late => Assert.True(late >= 0));
    }

    [Fact]
    public async Task Whoever_waits_is_woken_at_the_end()
    {
        Pacer pacer = new(TimeProvider.System);
        Task waiting = pacer.WaitUntilAsync(long.MaxValue / 2);
        pacer.Dispose();
        await waiting;
        await pacer.WaitUntilAsync(long.MaxValue / 2);
    }
}
