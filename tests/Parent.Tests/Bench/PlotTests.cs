using Init.Parent.Bench;

namespace Init.Parent.Tests.Bench;

public sealed class PlotTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(7, 8)]
    [InlineData(10, 10)]
    [InlineData(203, 250)]
    [InlineData(99_999, 100_000)]
    public void A_linear_axis_ends_at_a_round_number_that_covers_the_values(double max, double end)
    {
        PlotAxis axis = PlotAxis.Linear(max, value => $"{value}");
        Assert.Equal((0, end), (axis.Ticks[0], axis.Ticks[^1]));
        Assert.InRange(axis.Ticks.Count, 2, 12);
        Assert.InRange(axis.Place(max), 0, 1);
        Assert.Equal(1, axis.Place(end));
    }

    [Theory]
    [InlineData(0, 0, 1, 10)]
    [InlineData(150, 9000, 100, 10_000)]
    [InlineData(100, 100, 100, 1000)]
    public void A_logarithmic_axis_covers_the_values_with_powers_of_ten(double min, double max, double first, double last)
    {
        PlotAxis axis = PlotAxis.Logarithmic(min, max, value => $"{value}");
        Assert.Equal((first, last), (axis.Ticks[0], axis.Ticks[^1]));
        Assert.Equal(0, axis.Place(0));
        Assert.Equal(0.5, axis.Place(Math.Sqrt(first * last)), 1e-9);
    }
}
