using Init.Clock;

namespace Init.Init.Tests.Clock;

/// <summary>A machine's clocks: true time, an undisciplined clock that drifts, and a wall clock that is stepped, slewed and tuned as Linux does.</summary>
/// <remarks>All in nanoseconds. The undisciplined clock starts at 0 and drifts by what <c>drift</c> says at each moment.</remarks>
internal sealed class SimulatedClock(Func<double, double> driftPpmAtDay, long trueStartNs)
{
    private const double SlewPpm = 500; // the kernel's for adjtime(3)
    private const long NsPerDay = 86_400L * 1_000_000_000;

    private long _elapsedNs;
    private double _rawNs;
    private double _wallNs = 1_000_000_000; // 1970, as an enclave boots without a clock
    private double _frequencyPpm;
    private double _slewLeftNs;

    public long TrueNs => trueStartNs + _elapsedNs;

    public long RawNs => (long)_rawNs;

    public long WallNs => (long)_wallNs;

    public long ErrorNs => WallNs - TrueNs;

    /// <summary>Lets true time pass.</summary>
    public void Pass(long ns)
    {
        double drift = driftPpmAtDay((double)_elapsedNs / NsPerDay);
        double raw = ns * (1 + (drift / 1e6));
        double slew = Math.Clamp(_slewLeftNs, -raw * SlewPpm / 1e6, raw * SlewPpm / 1e6);
        _elapsedNs += ns;
        _rawNs += raw;
        _wallNs += (raw * (1 + (_frequencyPpm / 1e6))) + slew;
        _slewLeftNs -= slew;
    }

    public void Apply(ClockDecision decision)
    {
        _frequencyPpm = decision.FrequencyPpm;
        switch (decision.Action)
        {
            case ClockAction.Step:
                StepBy(decision.CorrectionNs);
                break;
            case ClockAction.Slew:
                _slewLeftNs = decision.CorrectionNs;
                break;
        }
    }

    /// <summary>Somebody else sets the wall clock.</summary>
    public void StepBy(long ns)
    {
        _wallNs += ns;
        _slewLeftNs = 0;
    }

    /// <summary>Asks a source that takes <paramref name="outNs"/> to get the question and <paramref name="backNs"/> to answer.</summary>
    public ClockSample Sample(long outNs, long backNs, long resolutionNs)
    {
        long before = RawNs;
        Pass(outNs);
        long stamp = TrueNs / resolutionNs * resolutionNs;
        Pass(backNs);
        return new ClockSample(before, stamp, resolutionNs, RawNs, WallNs);
    }
}
