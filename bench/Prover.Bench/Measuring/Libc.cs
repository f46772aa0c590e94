using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Init.Prover.Bench.Measuring;

/// <summary>The three calls of glibc that the measurements need.</summary>
internal static partial class Libc
{
    private const int RUSAGE_CHILDREN = -1;

    /// <summary>CPU time, user and system, of all threads of a process so far, ended ones included.</summary>
    /// <remarks>clock_getcpuclockid(3). /proc/PID/stat has the same number in ticks of 10 ms, too coarse for a verification.</remarks>
    public static TimeSpan CpuTime(int pid)
    {
        int error = ClockGetCpuClockId(pid, out int clock);
        if (error != 0)
        {
            throw new Win32Exception(error, $"clock_getcpuclockid {pid}");
        }

        return ClockGetTime(clock, out TimeSpec time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"clock_gettime {pid}");
    }

    /// <summary>CPU time of all children that have ended and been waited for, and the largest resident size among them, in bytes.</summary>
    public static (TimeSpan Cpu, long PeakBytes) UsageOfEndedChildren()
    {
        if (GetRUsage(RUSAGE_CHILDREN, out RUsage usage) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "getrusage");
        }

        return (usage.User.ToTimeSpan() + usage.System.ToTimeSpan(), usage.MaxResidentKiB << 10);
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int ClockGetCpuClockId(int pid, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetRUsage(int who, out RUsage usage);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeVal
    {
        public long Seconds;
        public long Microseconds;

        public readonly TimeSpan ToTimeSpan() => TimeSpan.FromSeconds(Seconds) + TimeSpan.FromMicroseconds(Microseconds);
    }

    /// <summary>struct rusage of x86-64: two times and fourteen longs, of which the first is ru_maxrss in KiB.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RUsage
    {
        public TimeVal User;
        public TimeVal System;
        public long MaxResidentKiB;
        public RestOfRUsage Rest;
    }

    [InlineArray(13)]
    private struct RestOfRUsage
    {
        private long _first;
    }
}
