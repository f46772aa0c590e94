using Init.Linux.Headers;
using static Init.Linux.Headers.sys_timex_h;
using static Init.Linux.Headers.time_h;

namespace Init.Linux;

/// <summary>Reads and disciplines the machine's wall clock: clock_gettime(2), clock_adjtime(2).</summary>
public static class SystemClock
{
    /// <summary>The largest frequency correction that the kernel takes, in parts per million either way.</summary>
    public const double MaxFrequencyPpm = 500;

    // timex.freq has 16 bits after the point (adjtimex(2)).
    private const double FrequencyUnit = 65536;

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public static long RealtimeNs => Read(CLOCK_REALTIME, "read the wall clock");

    /// <summary>Nanoseconds since some point before now. Never goes backwards; steps of the wall clock do not move it.</summary>
    public static long MonotonicNs => Read(CLOCK_MONOTONIC, "read the monotonic clock");

    /// <summary>Nanoseconds since some point before now, at the rate of the hardware: no correction of the wall clock changes it.</summary>
    public static long RawNs => Read(CLOCK_MONOTONIC_RAW, "read the raw clock");

    /// <summary>The frequency correction in force, in parts per million; positive makes the clock run faster.</summary>
    /// <exception cref="LinuxException">A bug.</exception>
    public static double FrequencyPpm => Adjust(default, "read the clock's frequency").freq / FrequencyUnit;

    /// <summary>What is left of the last <see cref="SlewPhase"/>.</summary>
    /// <exception cref="LinuxException">A bug.</exception>
    public static TimeSpan PhaseLeft =>
        TimeSpan.FromMicroseconds(Adjust(new timex { modes = ADJ_OFFSET_SS_READ }, "read the clock's slew").offset);

    /// <summary>Steps the wall clock.</summary>
    /// <param name="unixNs">Nanoseconds since 1970, UTC; not negative.</param>
    /// <exception cref="LinuxException">EPERM (no CAP_SYS_TIME), EINVAL.</exception>
    public static unsafe void Step(long unixNs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unixNs);

        // Sound: on this stack, read only.
        timespec value = SpecOf(unixNs);
        if (clock_settime(CLOCK_REALTIME, &value) < 0)
        {
            throw LinuxException.FromLastError("step the wall clock");
        }
    }

    /// <summary>Makes the wall clock catch up or fall back gradually, at 500 ppm: no reader sees it jump (ADJ_OFFSET_SINGLESHOT).</summary>
    /// <param name="offset">What to add to the clock, to the microsecond. Replaces what is left of the last call.</param>
    /// <exception cref="LinuxException">EPERM (no CAP_SYS_TIME).</exception>
    public static void SlewPhase(TimeSpan offset) =>
        Adjust(new timex { modes = ADJ_OFFSET_SINGLESHOT, offset = (long)offset.TotalMicroseconds }, "slew the wall clock");

    /// <summary>Makes the wall clock run faster or slower from now on, against the drift of its source (ADJ_FREQUENCY).</summary>
    /// <param name="partsPerMillion">Positive makes it faster; at most <see cref="MaxFrequencyPpm"/> either way.</param>
    /// <exception cref="LinuxException">EPERM (no CAP_SYS_TIME).</exception>
    public static void SetFrequency(double partsPerMillion)
    {
        if (!(Math.Abs(partsPerMillion) <= MaxFrequencyPpm))
        {
            throw new ArgumentOutOfRangeException(nameof(partsPerMillion), partsPerMillion, "beyond what the kernel takes");
        }

        Adjust(new timex { modes = ADJ_FREQUENCY, freq = (long)Math.Round(partsPerMillion * FrequencyUnit) }, "set the clock's frequency");
    }

    internal static unsafe long Read(int clock, string operation)
    {
        // Sound: the kernel writes one timespec, which is on this stack.
        timespec value;
        return clock_gettime(clock, &value) < 0
            ? throw LinuxException.FromLastError(operation)
            : (value.tv_sec * 1_000_000_000) + value.tv_nsec;
    }

    internal static timespec SpecOf(long ns) => new() { tv_sec = ns / 1_000_000_000, tv_nsec = ns % 1_000_000_000 };

    private static unsafe timex Adjust(timex request, string operation)
    {
        // Sound: a copy on this stack, which the kernel reads and writes.
        if (clock_adjtime(CLOCK_REALTIME, &request) < 0)
        {
            throw LinuxException.FromLastError(operation);
        }

        return request;
    }
}
