namespace Init.Clock;

/// <summary>A closed interval of nanoseconds.</summary>
internal readonly record struct Bounds(long Low, long High)
{
    public bool IsEmpty => Low > High;

    public long Middle => Low + ((High - Low) / 2);

    public Bounds And(Bounds other) => new(Math.Max(Low, other.Low), Math.Min(High, other.High));

    public Bounds Shifted(long by) => new(Low + by, High + by);

    public Bounds Widened(long by) => new(Low - by, High + by);
}
