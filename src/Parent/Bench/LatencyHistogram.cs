using System.Numerics;

namespace Init.Parent.Bench;

/// <summary>Counts latencies in bounded memory, with a bounded relative error: buckets of equal width within each power of two.</summary>
/// <remarks>
/// Microseconds. Values below 2^<c>precisionBits</c> are counted exactly, larger ones in buckets of which no value differs from another by
/// more than 2^(1 - <c>precisionBits</c>) of it; what is longer than <see cref="MaxUs"/> is counted as that. The maximum is exact.
/// Threads: any, at the same time.
/// </remarks>
internal sealed class LatencyHistogram
{
    /// <summary>An hour and eleven minutes.</summary>
    public const long MaxUs = uint.MaxValue;

    private const int ValueBits = 32;

    private readonly int _precisionBits;
    private readonly long[] _counts;
    private long _maxUs;
    private long _sumUs;
    private long _count;

    public LatencyHistogram(int precisionBits)
    {
        _precisionBits = precisionBits;
        _counts = new long[IndexOf(MaxUs) + 1];
    }

    /// <summary>How many were counted.</summary>
    public long Count => Interlocked.Read(ref _count);

    public long MaximumUs => Interlocked.Read(ref _maxUs);

    public double MeanUs => Count == 0 ? 0 : (double)Interlocked.Read(ref _sumUs) / Count;

    /// <summary>The largest relative error of a percentile.</summary>
    public double RelativeError => 1.0 / (1 << (_precisionBits - 1));

    public void Add(TimeSpan latency, long times = 1)
    {
        long us = Math.Clamp((long)latency.TotalMicroseconds, 0, MaxUs);
        Interlocked.Add(ref _counts[IndexOf(us)], times);
        Interlocked.Add(ref _count, times);
        Interlocked.Add(ref _sumUs, us * times);
        for (long seen = MaximumUs; us > seen; seen = MaximumUs)
        {
            Interlocked.CompareExchange(ref _maxUs, us, seen);
        }
    }

    /// <summary>The latency that <paramref name="fraction"/> of what was counted did not exceed; the largest of its bucket. 0 where nothing was counted.</summary>
    public long PercentileUs(double fraction)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        long seen = 0;
        for (int index = 0; index < _counts.Length; index++)
        {
            seen += Interlocked.Read(ref _counts[index]);
            if (seen >= wanted)
            {
                return Math.Min(LargestOf(index), MaximumUs);
            }
        }

        return MaximumUs;
    }

    private int IndexOf(long us)
    {
        int shift = Math.Max(0, ValueBits - BitOperations.LeadingZeroCount((uint)us) - _precisionBits);
        return (shift << (_precisionBits - 1)) + (int)(us >> shift);
    }

    private long LargestOf(int index)
    {
        int half = 1 << (_precisionBits - 1);
        int shift = Math.Max(0, (index >> (_precisionBits - 1)) - 1);
        long smallest = (long)(index - (shift * half)) << shift;
        return smallest + (1L << shift) - 1;
    }
}
