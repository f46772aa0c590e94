using System.Globalization;

namespace Init.Campaign.Tests.Load;

/// <summary>
/// Resident memory while a load runs. Requests come and go, so that single values say little; the lowest of a while is what stays. A cache levels off,
/// a leak does not.
/// </summary>
internal sealed class ResidentTrend
{
    private const int Parts = 6;

    private readonly List<long> _samplesKiB = [];

    /// <summary>The lowest value of each sixth of the load, KiB.</summary>
    public IReadOnlyList<long> LowestKiB => [.. Enumerable.Range(0, Parts).Select(Lowest)];

    /// <summary>By how much the lowest of the last third is above the lowest of the third in the middle, KiB; the first is for what levels off.</summary>
    public long GrowthKiB => Math.Min(LowestKiB[4], LowestKiB[5]) - Math.Min(LowestKiB[2], LowestKiB[3]);

    /// <summary>A value, as much later than the one before as that one than its own.</summary>
    public void Add(long residentKiB) => _samplesKiB.Add(residentKiB);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the lowest of each sixth {string.Join(", ", LowestKiB)} KiB");

    private long Lowest(int part)
    {
        int from = _samplesKiB.Count * part / Parts, to = _samplesKiB.Count * (part + 1) / Parts;
        return _samplesKiB[from..to].DefaultIfEmpty().Min();
    }
}
