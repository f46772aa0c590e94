using Init.Clock;
using Init.Linux;

namespace Init.InitProcess;

/// <summary>The system's clocks, read only: steps and slews move a wall clock of this process's own, at once.</summary>
internal sealed class ProcessClock : IMachineClock
{
    private long _offsetNs;

    public long RawNs => SystemClock.RawNs;

    public long WallNs => SystemClock.RealtimeNs + _offsetNs;

    public string Clocksource => "process";

    public long? ReadDeviceNs() => null;

    public void Step(long unixNs) => _offsetNs = unixNs - SystemClock.RealtimeNs;

    public void Slew(TimeSpan offset) => _offsetNs += offset.Ticks * TimeSpan.NanosecondsPerTick;

    public void SetFrequency(double partsPerMillion)
    {
    }
}
