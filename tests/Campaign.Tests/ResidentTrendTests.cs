using Init.Campaign.Tests.Load;
using Init.Testing.Campaign;

namespace Init.Campaign.Tests;

/// <summary>What tells a leak from what levels off, on curves as a soak has them: a floor that requests lift for moments.</summary>
public sealed class ResidentTrendTests
{
    private const int Seconds = 1_800, FloorKiB = 46_000, RequestKiB = 120_000;

    private static readonly Random Random = new(CampaignPlan.Seed);

    [Fact]
    public void What_fills_in_the_first_minutes_is_no_growth() =>
        Assert.InRange(Of(second => FloorKiB + (8_000 * (1 - Math.Exp(-second / 120.0)))).GrowthKiB, 0, 100);

    [Fact]
    public void What_every_request_leaves_is()
    {
        const double LeftPerSecondKiB = 135 * 64 / 1024.0; // as many requests as there are, 64 bytes each
        Assert.InRange(Of(second => FloorKiB + (LeftPerSecondKiB * second)).GrowthKiB, SoakTests.AllowedGrowthKiB, long.MaxValue);
    }

    [Fact]
    public void Each_sixth_has_its_lowest() =>
        Assert.Equal(Enumerable.Range(0, 6).Select(sixth => (long)sixth), Of(second => second / (Seconds / 6)).LowestKiB);

    private static ResidentTrend Of(Func<int, double> floorKiB)
    {
        ResidentTrend trend = new();
        for (int second = 0; second < Seconds; second++)
        {
            trend.Add((long)floorKiB(second) + (second % 30 == 0 ? 0 : Random.Next(RequestKiB)));
        }

        return trend;
    }
}
