using Init.Parent.Bench;

namespace Init.Parent.Tests.Bench;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(11)]
    public void A_percentile_is_the_sorted_values_own_or_a_little_more(int precisionBits)
    {
        Random random = new(1);
        for (int round = 0; round < 20; round++)
        {
            LatencyHistogram histogram = new(precisionBits);

            // From microseconds to an hour, as many of each size.
            long[] values = [.. Enumerable.Range(0, 1000 + random.Next(2000)).Select(_ => (long)Math.Exp(random.NextDouble() * Math.Log(3.6e9)))];
            foreach (long value in values)
            {
                histogram.Add(TimeSpan.FromMicroseconds(value));
            }

            Array.Sort(values);
            foreach (double fraction in (double[])[0, 0.001, 0.5, 0.9, 0.99, 0.999, 1])
            {
                long exact = values[Math.Max(0, (int)Math.Ceiling(fraction * values.Length) - 1)];
                Assert.InRange(histogram.PercentileUs(fraction), exact, exact * (1 + histogram.RelativeError));
            }

            Assert.Equal(values[^1], histogram.MaximumUs);
            Assert.Equal(values.Length, histogram.Count);
            Assert.Equal(values.Average(), histogram.MeanUs, 0.001);
        }
    }

    [Fact]
    public void Every_value_has_its_bucket_up_to_the_largest_and_beyond()
    {
        foreach (long us in (long[])[0, 1, 2047, 2048, 2049, 4095, 4096, 1 << 20, LatencyHistogram.MaxUs - 1, LatencyHistogram.MaxUs])
        {
            LatencyHistogram histogram = new(LoadRecorder.PrecisionBits);
            histogram.Add(TimeSpan.FromMicroseconds(us));
            Assert.Equal(us, histogram.PercentileUs(0.5));
        }

        LatencyHistogram full = new(LoadRecorder.PrecisionBits);
        full.Add(TimeSpan.FromDays(3));
        full.Add(TimeSpan.FromSeconds(-1));
        Assert.Equal(LatencyHistogram.MaxUs, full.PercentileUs(1));
        Assert.Equal(0, full.PercentileUs(0.5));
    }

    [Fact]
    public void Nothing_counted_is_0() => Assert.Equal(0, new LatencyHistogram(7).PercentileUs(0.99));

    [Fact]
    public void The_precision_that_is_stated_is_a_thousandth() => Assert.InRange(new LatencyHistogram(LoadRecorder.PrecisionBits).RelativeError, 0, 0.001);

    [Fact]
    public async Task Threads_lose_nothing()
    {
        LatencyHistogram histogram = new(7);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(() =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                histogram.Add(TimeSpan.FromMicroseconds((n * 100_000) + i));
            }
        })));
        Assert.Equal((400_000, 399_999), (histogram.Count, histogram.MaximumUs));
    }
}
