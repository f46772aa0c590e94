using Init.Clock;
using Init.Testing;

namespace Init.Init.Tests.Clock;

/// <summary>A machine whose clock drifts, a kernel that slews and steps it, and a hypervisor that knows the time. Nothing waits.</summary>
internal sealed class SimulatedMachine : IMachineClock
{
    private const double SlewRate = 500e-6; // ADJ_OFFSET_SINGLESHOT's

    private readonly ManualTime _time = new();
    private readonly Random _random;
    private double _rawNs = 7_777_777;
    private double _wallErrorNs;
    private double _slewNs;
    private double _frequency;
    private long _trueNs = 1_790_000_000_123_456_789;

    public SimulatedMachine(int seed) => _random = new Random(seed);

    /// <summary>How much faster than true time the hardware's clock runs, at a time since the start.</summary>
    public Func<TimeSpan, double> DriftPpm { get; set; } = _ => 0;

    /// <summary>How long the next call of the NSM takes, and how much of that passes before it looks at its clock.</summary>
    public Func<Random, (TimeSpan RoundTrip, double Before)> Latency { get; set; } =
        random => (TimeSpan.FromMilliseconds(2 + (random.NextDouble() * 8)), random.NextDouble());

    /// <summary>What stamps are rounded down to, in milliseconds.</summary>
    public long ResolutionMs { get; set; } = 1;

    /// <summary>How far /dev/ptp0 is from the truth; null: there is none.</summary>
    public TimeSpan? DeviceError { get; set; }

    /// <summary>Thrown by the NSM instead of an answer.</summary>
    public Func<Exception?> Failure { get; set; } = () => null;

    public TimeProvider Time => _time;

    public TimeSpan Elapsed { get; private set; }

    public int Calls { get; private set; }

    public double ErrorMs => Math.Abs(_wallErrorNs) / 1e6;

    public long RawNs => (long)_rawNs;

    public long WallNs => _trueNs + (long)_wallErrorNs;

    public string Clocksource => "simulated";

    public long? ReadDeviceNs() => DeviceError is { } error ? _trueNs + (error.Ticks * 100) : null;

    public void Step(long unixNs) => _wallErrorNs = unixNs - _trueNs;

    public void Slew(TimeSpan offset) => _slewNs = offset.Ticks * 100.0;

    public void SetFrequency(double partsPerMillion)
    {
        Assert.InRange(partsPerMillion, -500, 500);
        _frequency = partsPerMillion * 1e-6;
    }

    /// <summary>Somebody sets the wall clock.</summary>
    public void Disturb(TimeSpan by) => _wallErrorNs += by.Ticks * 100.0;

    /// <summary>The hypervisor's own clock is set.</summary>
    public void MoveTruth(TimeSpan by)
    {
        _trueNs += by.Ticks * 100;
        _wallErrorNs -= by.Ticks * 100.0;
    }

    public long ReadTrustedMs()
    {
        Calls++;
        if (Failure() is { } failure)
        {
            throw failure;
        }

        (TimeSpan roundTrip, double before) = Latency(_random);
        Pass(roundTrip * before);
        long stampMs = _trueNs / 1_000_000 / ResolutionMs * ResolutionMs;
        Pass(roundTrip * (1 - before));
        return stampMs;
    }

    /// <summary>True time passes.</summary>
    public void Pass(TimeSpan time)
    {
        double ns = time.Ticks * 100.0;
        double raw = ns * (1 + (DriftPpm(Elapsed) * 1e-6));
        double slewed = Math.Clamp(_slewNs, -SlewRate * raw, SlewRate * raw);
        _slewNs -= slewed;
        _rawNs += raw;
        _wallErrorNs += (raw * (1 + _frequency)) + slewed - ns;
        _trueNs += (long)ns;
        Elapsed += time;
        _time.Advance(time);
    }
}
