using Init.Configuration;

namespace Init.Init.Tests.Configuration;

public sealed class MemoryPlanTests
{
    private const long MiB = 1 << 20;

    private static readonly long[] Available = [0, 1, 8 * MiB, 24 * MiB, 64 * MiB, 128 * MiB, 400 * MiB, 1 << 30, 4L << 30, 64L << 30];

    [Fact]
    public void All_that_may_be_held_is_never_more_than_there_is() =>
        Assert.All(Available.Where(available => available >= 32 * MiB), available => AssertFits(MemoryPlan.For(new EnclaveSettings(), available), available));

    /// <summary>The command line cannot promise memory that the parent has not given.</summary>
    [Fact]
    public void What_is_set_is_an_upper_bound_and_gives_nothing_that_is_not_there()
    {
        EnclaveSettings greedy = new() { BytesInFlight = 1L << 40, CircuitBytes = 1L << 40, ProveMemoryBytes = 1L << 40 };
        Assert.All(Available.Where(available => available >= 32 * MiB), available => AssertFits(MemoryPlan.For(greedy, available), available));

        EnclaveSettings modest = new() { BytesInFlight = MiB, CircuitBytes = 0, ProveMemoryBytes = 3 * MiB };
        MemoryPlan plan = MemoryPlan.For(modest, 4L << 30);
        Assert.Equal((MiB, 0L, 3 * MiB), (plan.MessageBytes, plan.CircuitBytes, plan.ProvingBytes));
    }

    [Fact]
    public void An_enclave_with_enough_has_the_defaults_and_the_rest_is_the_provers()
    {
        MemoryPlan plan = MemoryPlan.For(new EnclaveSettings(), 8L << 30);
        Assert.Equal((384 * MiB, 256 * MiB), (plan.MessageBytes, plan.CircuitBytes));
        Assert.Equal((8L << 30) - (1040 * MiB) - (384 * MiB) - (2 * 256 * MiB), plan.ProvingBytes);
    }

    [Fact]
    public void However_little_there_is_each_has_some() => Assert.All(Available, available =>
    {
        MemoryPlan plan = MemoryPlan.For(new EnclaveSettings(), available);
        Assert.All([plan.MessageBytes, plan.CircuitBytes, plan.ProvingBytes], bytes => Assert.InRange(bytes, 2 * MiB, long.MaxValue));
    });

    private static void AssertFits(MemoryPlan plan, long available) =>
        Assert.InRange(plan.SpareBytes + plan.MessageBytes + (2 * plan.CircuitBytes) + plan.ProvingBytes, 1, available);
}
