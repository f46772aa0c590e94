namespace Init.Clock;

/// <summary>Decides, from samples of the true time, how to correct the wall clock. Pure: no clock is read and none is set here.</summary>
/// <remarks>
/// What is known is kept as bounds of true time minus undisciplined clock. A sample gives such bounds by itself, as wide as its round trip
/// and the source's resolution; older bounds, carried forward at the estimated frequency and widened by what that may be wrong by,
/// are intersected with it. So a source of whole seconds (QEMU's NSM) narrows down to milliseconds over some samples, and a single
/// sample of the real one is good at once. An empty intersection means that the model was wrong: the sample alone counts.
/// <para>Slews in progress and steps by others need no bookkeeping, since the wall clock itself is compared with the bounds each time.</para>
/// </remarks>
internal sealed class ClockDiscipline
{
    /// <summary>A longer round trip is not believed.</summary>
    public const long MaxRoundTripNs = 500 * NsPerMs;

    /// <summary>A larger error is corrected at once, a smaller one gradually.</summary>
    public const long StepAboveNs = 500 * NsPerMs;

    /// <summary>A smaller error is let be.</summary>
    public const long SlewAboveNs = NsPerMs / 10;

    private const long NsPerMs = 1_000_000;
    private const double MaxFrequencyPpm = 500;

    // Oscillators are specified to 100 ppm or better; what the estimate may be wrong by is temperature and the estimate itself.
    private const double UnknownFrequencyPpm = 200;
    private const double FrequencyErrorPpm = 20;

    // A frequency from a shorter span says nothing, one from a longer span would follow temperature too slowly.
    private const long MinSpanNs = 60_000 * NsPerMs;
    private const long MaxSpanNs = 7_200_000 * NsPerMs;

    private const double GoldenRatio = 0.618033988749895;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(16);

    // 100 ppm over this are 51 ms: half of what the wall clock may be wrong by.
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(512);

    // A coarse source narrows down only if it is asked more often than what is known widens.
    private const long CoarseResolutionNs = 10 * NsPerMs;
    private static readonly TimeSpan LongestCoarseInterval = TimeSpan.FromSeconds(64);

    private Reading? _known;
    private Reading? _anchor;
    private Reading? _nextAnchor;
    private TimeSpan _interval = ShortestInterval;
    private double _dither;

    /// <summary>The estimated frequency of true time against the undisciplined clock, in parts per million.</summary>
    public double FrequencyPpm { get; private set; }

    /// <summary>Takes a sample into account.</summary>
    public ClockDecision Decide(ClockSample sample)
    {
        if (sample.RoundTripNs is < 0 or > MaxRoundTripNs)
        {
            return new ClockDecision(ClockAction.Reject, 0, FrequencyPpm, ShortestInterval);
        }

        bool isFirst = _known is null;
        Reading reading = new(sample.RawAfterNs, sample.TrueMinusRaw);
        bool agrees = Intersect(reading);
        EstimateFrequency(reading, agrees);

        long correctionNs = _known!.Value.TrueMinusRaw.Middle - (sample.WallAfterNs - sample.RawAfterNs);
        long sizeNs = Math.Abs(correctionNs);
        ClockAction action = isFirst || sizeNs > StepAboveNs ? ClockAction.Step : sizeNs > SlewAboveNs ? ClockAction.Slew : ClockAction.None;
        TimeSpan longest = sample.ResolutionNs > CoarseResolutionNs ? LongestCoarseInterval : LongestInterval;
        TimeSpan nextIn = Pace(agrees && !isFirst && sizeNs <= StepAboveNs / 10, longest) + Dither(sample.ResolutionNs);
        return new ClockDecision(action, correctionNs, FrequencyPpm, nextIn);
    }

    /// <summary>Brings what was known to the sample's time and intersects the two; returns whether they agree.</summary>
    private bool Intersect(Reading reading)
    {
        if (_known is not { } known)
        {
            _known = reading;
            return true;
        }

        long elapsedNs = reading.RawNs - known.RawNs;
        double errorPpm = _anchor is { } anchor && known.RawNs - anchor.RawNs >= MinSpanNs ? FrequencyErrorPpm : UnknownFrequencyPpm;
        Bounds predicted = known.TrueMinusRaw.Shifted(Parts(elapsedNs, FrequencyPpm)).Widened(Parts(elapsedNs, errorPpm));
        Bounds both = predicted.And(reading.TrueMinusRaw);
        _known = both.IsEmpty ? reading : reading with { TrueMinusRaw = both };
        return !both.IsEmpty;
    }

    /// <summary>The frequency moves as little as the two readings demand: noise inside their bounds leaves it alone.</summary>
    private void EstimateFrequency(Reading reading, bool agrees)
    {
        if (!agrees || _anchor is not { } anchor)
        {
            _anchor = reading;
            _nextAnchor = null;
            return;
        }

        long spanNs = reading.RawNs - anchor.RawNs;
        if (spanNs < MinSpanNs)
        {
            return;
        }

        double lowPpm = 1e6 * (reading.TrueMinusRaw.Low - anchor.TrueMinusRaw.High) / spanNs;
        double highPpm = 1e6 * (reading.TrueMinusRaw.High - anchor.TrueMinusRaw.Low) / spanNs;
        FrequencyPpm = Math.Clamp(Math.Clamp(FrequencyPpm, lowPpm, highPpm), -MaxFrequencyPpm, MaxFrequencyPpm);

        if (_nextAnchor is null && spanNs >= MaxSpanNs / 2)
        {
            _nextAnchor = reading;
        }
        else if (spanNs >= MaxSpanNs)
        {
            (_anchor, _nextAnchor) = (_nextAnchor, null);
        }
    }

    private TimeSpan Pace(bool isCalm, TimeSpan longest)
    {
        TimeSpan next = isCalm ? 2 * _interval : ShortestInterval;
        _interval = next < longest ? next : longest;
        return _interval;
    }

    // A source of whole seconds tells something new only when it is asked at another part of its second. The multiples of the golden
    // ratio spread over it evenly, however many there are.
    private TimeSpan Dither(long resolutionNs)
    {
        _dither = (_dither + GoldenRatio) % 1;
        return TimeSpan.FromMicroseconds(_dither * resolutionNs / 1000);
    }

    private static long Parts(long ns, double partsPerMillion) => (long)(ns * partsPerMillion / 1e6);

    private readonly record struct Reading(long RawNs, Bounds TrueMinusRaw);
}
