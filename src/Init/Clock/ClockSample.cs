namespace Init.Clock;

/// <summary>One reading of the true time, with the undisciplined clock before and after it. All in nanoseconds.</summary>
/// <param name="RawBeforeNs">The undisciplined clock before the source was asked.</param>
/// <param name="StampNs">What the source answered, since 1970, cut to its resolution.</param>
/// <param name="ResolutionNs">The source's resolution: the true time was in [stamp, stamp + resolution].</param>
/// <param name="RawAfterNs">The undisciplined clock after the answer.</param>
/// <param name="WallAfterNs">The wall clock after the answer, since 1970.</param>
internal readonly record struct ClockSample(long RawBeforeNs, long StampNs, long ResolutionNs, long RawAfterNs, long WallAfterNs)
{
    /// <summary>How long the source took to answer.</summary>
    public long RoundTripNs => RawAfterNs - RawBeforeNs;

    /// <summary>Between what bounds true time minus undisciplined clock was, whenever inside the round trip the stamp was made.</summary>
    public Bounds TrueMinusRaw => new(StampNs - RawAfterNs, StampNs + ResolutionNs - RawBeforeNs);
}
