using static Init.Linux.Headers.sys_timerfd_h;
using static Init.Linux.Headers.time_h;

namespace Init.Linux;

/// <summary>A timer that an epoll loop waits for, in monotonic time: timerfd_create(2).</summary>
public sealed class KernelTimer : IDisposable
{
    private readonly KernelDescriptor _descriptor =
        new(FileDescriptor.FromCall(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "make a timerfd"));

    /// <summary>For <see cref="Epoll"/>: ready to read once the time has come.</summary>
    public int Number => _descriptor.Number;

    /// <summary>Goes off after a time, and then again and again where a period is given. Replaces what was set.</summary>
    /// <param name="due">From now on, positive.</param>
    /// <param name="period">Between the following times; zero for none.</param>
    /// <exception cref="LinuxException">A bug.</exception>
    public void Set(TimeSpan due, TimeSpan period = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(due, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        Arm(new itimerspec { it_value = SpecOf(due), it_interval = SpecOf(period) });
    }

    /// <summary>Does not go off any more.</summary>
    /// <exception cref="LinuxException">A bug.</exception>
    public void Stop() => Arm(default);

    /// <summary>How often it went off since the last call. Never blocks.</summary>
    /// <exception cref="LinuxException">A bug.</exception>
    public ulong Take() => Counters.Take(_descriptor, "read a timerfd");

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    internal static timespec SpecOf(TimeSpan time) => new()
    {
        tv_sec = time.Ticks / TimeSpan.TicksPerSecond,
        tv_nsec = time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
    };

    private unsafe void Arm(itimerspec setting)
    {
        // Sound: the setting is on this stack; no old one is asked for.
        if (timerfd_settime(_descriptor.Descriptor, 0, &setting, null) < 0)
        {
            throw LinuxException.FromLastError("set a timerfd");
        }
    }
}
