using Init.Prover.Barretenberg;
using static Init.Prover.Barretenberg.ChonkOrder.Step;

namespace Init.Prover.Tests.Barretenberg;

public sealed class ChonkOrderTests
{
    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    [InlineData(3)]
    public void Fewer_than_four_circuits_are_refused(int circuits) =>
        Fails.With(ProverError.InvalidInput, () => _ = new ChonkOrder(circuits));

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void At_each_point_exactly_one_step_is_allowed(int circuits)
    {
        ChonkOrder order = new(circuits);
        ChonkOrder.Step[] steps = [.. Enumerable.Repeat(new[] { Load, Accumulate }, circuits).SelectMany(s => s), Prove];
        foreach (ChonkOrder.Step step in steps)
        {
            RefusesAllBut(order, step);
            order.Require(step);
            order.Require(step); // asking changes nothing
            order.Advance(step);
        }

        RefusesAllBut(order, null);
    }

    private static void RefusesAllBut(ChonkOrder order, ChonkOrder.Step? allowed)
    {
        foreach (ChonkOrder.Step step in Enum.GetValues<ChonkOrder.Step>().Where(s => s != allowed))
        {
            ProverException refused = Fails.With(ProverError.InvalidState, () => order.Require(step));
            Assert.StartsWith($"Chonk {step} after ", refused.Message, StringComparison.Ordinal);
        }
    }
}
