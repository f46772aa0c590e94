namespace Init.Linux;

/// <summary>One reading of a <see cref="PtpClock"/>. All in nanoseconds since 1970.</summary>
/// <param name="BeforeNs">The wall clock before.</param>
/// <param name="DeviceNs">The device's clock.</param>
/// <param name="AfterNs">The wall clock after.</param>
public readonly record struct PtpSample(long BeforeNs, long DeviceNs, long AfterNs)
{
    /// <summary>How long the reading took: twice the largest error of <see cref="OffsetNs"/>.</summary>
    public long RoundTripNs => AfterNs - BeforeNs;

    /// <summary>What to add to the wall clock to have the device's time.</summary>
    public long OffsetNs => DeviceNs - (BeforeNs + (RoundTripNs / 2));
}
