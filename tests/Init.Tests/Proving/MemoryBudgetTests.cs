using Init.Proving;

namespace Init.Init.Tests.Proving;

public sealed class MemoryBudgetTests
{
    /// <summary>A lane that always has work gives its memory back and wants it again at once.</summary>
    [Fact]
    public async Task Who_came_first_is_served_first_though_another_would_fit()
    {
        MemoryBudget budget = new(100);
        IDisposable held = budget.Reserve(60, CancellationToken.None);
        Task<IDisposable> large = Reserve(budget, 80, CancellationToken.None), small = Reserve(budget, 30, CancellationToken.None);
        await Task.Delay(200);
        Assert.False(large.IsCompleted || small.IsCompleted);
        held.Dispose();
        IDisposable first = await large.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(small.IsCompleted);
        first.Dispose();
        (await small.WaitAsync(TimeSpan.FromSeconds(20))).Dispose();
        Assert.Equal(0, budget.ReservedBytes);
    }

    [Fact]
    public async Task Who_gives_up_waiting_lets_the_next_one_have_it()
    {
        MemoryBudget budget = new(100);
        using IDisposable held = budget.Reserve(60, CancellationToken.None);
        using CancellationTokenSource enough = new();
        Task<IDisposable> large = Reserve(budget, 80, enough.Token), small = Reserve(budget, 30, CancellationToken.None);
        await Task.Delay(200);
        Assert.False(small.IsCompleted);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await small.WaitAsync(TimeSpan.FromSeconds(20))).Dispose();
    }

    // Each on a thread of its own, in the order of the calls.
    private static Task<IDisposable> Reserve(MemoryBudget budget, long bytes, CancellationToken cancellation)
    {
        using ManualResetEventSlim begun = new();
        Task<IDisposable> reserving = Task.Factory.StartNew(
            () =>
            {
                begun.Set();
                return budget.Reserve(bytes, cancellation);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        begun.Wait(CancellationToken.None);
        Thread.Sleep(100);
        return reserving;
    }
}
