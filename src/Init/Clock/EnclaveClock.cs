using Init.Linux;

namespace Init.Clock;

/// <summary>The kernel's clocks, and /dev/ptp0 where there is one.</summary>
internal sealed class EnclaveClock : IMachineClock
{
    private PtpClock? _device;
    private bool _hasLooked;

    /// <inheritdoc/>
    public long RawNs => SystemClock.RawNs;

    /// <inheritdoc/>
    public long WallNs => SystemClock.RealtimeNs;

    /// <inheritdoc/>
    public string Clocksource => FileSystem.ReadSmallText("/sys/devices/system/clocksource/clocksource0/current_clocksource");

    /// <inheritdoc/>
    public long? ReadDeviceNs()
    {
        if (!_hasLooked)
        {
            _hasLooked = true;
            _device = Open();
        }

        return _device?.Sample().DeviceNs;
    }

    /// <inheritdoc/>
    public void Step(long unixNs) => SystemClock.Step(unixNs);

    /// <inheritdoc/>
    public void Slew(TimeSpan offset) => SystemClock.SlewPhase(offset);

    /// <inheritdoc/>
    public void SetFrequency(double partsPerMillion) => SystemClock.SetFrequency(partsPerMillion);

    private static PtpClock? Open()
    {
        try
        {
            return File.Exists(PtpClock.Path) ? new PtpClock() : null;
        }
        catch (LinuxException)
        {
            return null; // the NSM's time is enough
        }
    }
}
