using System.Globalization;
using Init.Boot;
using Init.Linux;
using Init.Nsm;
using Init.Wire;

namespace Init.Clock;

/// <summary>Keeps the wall clock right: takes samples, has the discipline decide, acts.</summary>
/// <remarks>The main thread's, but for <see cref="Health"/>, which any thread may read and which never waits.</remarks>
/// <param name="clock">The machine's clocks.</param>
/// <param name="readTrustedMs">The trusted clock; throws <see cref="NsmException"/>.</param>
/// <param name="time">Tells how old the last sync is.</param>
internal sealed class ClockKeeper(IMachineClock clock, Func<long> readTrustedMs, TimeProvider time)
{
    private const int StartAttempts = 3;
    private const int MaxDoublings = 6;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(16);

    private readonly ClockDiscipline _discipline = new();
    private readonly StampResolution _resolution = new();
    private readonly string _clocksource = clock.Clocksource;
    private ClockReading? _last;
    private string _source = "nsm";
    private long _syncs;
    private long _steps;
    private long _rejected;
    private int _failuresInARow;

    /// <summary>How the clock is. A reading, not a live view.</summary>
    public ClockHealth Health
    {
        get
        {
            ClockReading? last = Volatile.Read(ref _last);
            return new ClockHealth
            {
                Source = last?.Source ?? "nsm",
                OffsetUs = (last?.OffsetNs ?? 0) / 1000,
                DriftPpb = (long)((last?.FrequencyPpm ?? 0) * 1000),
                LastSyncAgeMs = last is null ? null : (ulong)time.GetElapsedTime(last.Timestamp).TotalMilliseconds,
                Syncs = (ulong)Interlocked.Read(ref _syncs),
                Steps = (ulong)Interlocked.Read(ref _steps),
                RejectedSamples = (ulong)Interlocked.Read(ref _rejected),
                Clocksource = _clocksource,
            };
        }
    }

    /// <summary>When the next sample is due, from the last one on.</summary>
    public TimeSpan NextIn { get; private set; }

    /// <summary>Sets the clock at boot.</summary>
    /// <returns>By how much; for the console.</returns>
    /// <exception cref="StageException">No sample was good enough.</exception>
    /// <exception cref="NsmException">The NSM's reason.</exception>
    /// <exception cref="LinuxException">The clock cannot be set.</exception>
    public string Start()
    {
        for (int attempt = 0; attempt < StartAttempts; attempt++)
        {
            ClockSample sample = TakeSample();
            ClockDecision decision = Act(sample);
            if (decision.Action != ClockAction.Reject)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"stepped by {Us(decision.CorrectionNs)} us, round trip {Us(sample.RoundTripNs)} us, clock source {_clocksource}");
            }
        }

        throw new StageException($"every round trip to the NSM took over {ClockDiscipline.MaxRoundTripNs / 1_000_000} ms");
    }

    /// <summary>Takes a sample and corrects the clock. What goes wrong is counted, and tried again later.</summary>
    public void Sync()
    {
        try
        {
            if (Act(TakeSample()).Action != ClockAction.Reject)
            {
                _failuresInARow = 0;
                return;
            }
        }
        catch (Exception failure) when (failure is NsmException or LinuxException)
        {
            Interlocked.Increment(ref _rejected);
        }

        // Soon again, for it may have been a busy moment; but a module that is lost is not worth a wake-up each quarter of a minute.
        NextIn = FirstRetry * (1 << Math.Min(_failuresInARow++, MaxDoublings));
    }

    private static long Us(long ns) => ns / 1000;

    private ClockSample TakeSample()
    {
        long beforeNs = clock.RawNs;
        long stampMs = readTrustedMs();
        long afterNs = clock.RawNs;
        ClockSample attested = new(beforeNs, stampMs * 1_000_000, _resolution.After(stampMs), afterNs, clock.WallNs);
        _source = "nsm";
        if (attested.RoundTripNs > ClockDiscipline.MaxRoundTripNs || ReadDevice() is not { } device)
        {
            return attested;
        }

        // Both come from the hypervisor; the device is finer, and believed as far as the document allows.
        if (device.TrueMinusRaw.And(attested.TrueMinusRaw).IsEmpty)
        {
            return attested;
        }

        _source = "ptp";
        return device;
    }

    private ClockSample? ReadDevice()
    {
        long beforeNs = clock.RawNs;
        long? stampNs = clock.ReadDeviceNs();
        long afterNs = clock.RawNs;
        return stampNs is { } known ? new ClockSample(beforeNs, known, ResolutionNs: 1, afterNs, clock.WallNs) : null;
    }

    private ClockDecision Act(ClockSample sample)
    {
        ClockDecision decision = _discipline.Decide(sample);
        NextIn = decision.NextIn;
        if (decision.Action == ClockAction.Reject)
        {
            Interlocked.Increment(ref _rejected);
            return decision;
        }

        // What is left of an earlier slew was part of what the decision has seen.
        clock.Slew(decision.Action == ClockAction.Slew ? TimeSpan.FromMicroseconds(decision.CorrectionNs / 1000) : TimeSpan.Zero);
        clock.SetFrequency(decision.FrequencyPpm);
        if (decision.Action == ClockAction.Step)
        {
            clock.Step(clock.WallNs + decision.CorrectionNs);
            Interlocked.Increment(ref _steps);
        }

        Interlocked.Increment(ref _syncs);
        Volatile.Write(ref _last, new ClockReading(_source, decision.CorrectionNs, decision.FrequencyPpm, time.GetTimestamp()));
        return decision;
    }
}
