using System.Globalization;

namespace Init.Prover.Bench.Reporting;

/// <summary>What /proc says of the machine.</summary>
internal static class HostReading
{
    /// <summary>Processes that wanted to run, averaged over a minute.</summary>
    public static double LoadAverage() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>What all processors together did since the boot: proc_stat(5).</summary>
    public static ProcessorTimes Processors()
    {
        const double TicksPerSecond = 100; // USER_HZ, the same on every x86-64
        TimeSpan[] times =
        [
            .. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
                .Select(ticks => TimeSpan.FromSeconds(long.Parse(ticks, CultureInfo.InvariantCulture) / TicksPerSecond)),
        ];
        TimeSpan waiting = times[3] + times[4]; // idle, iowait
        TimeSpan busy = times[0] + times[1] + times[2] + times[5] + times[6]; // user, nice, system, irq, softirq
        return new ProcessorTimes(busy, times[7], busy + waiting + times[7]);
    }

    /// <summary>A field of /proc/cpuinfo, of the first processor.</summary>
    public static string CpuInfo(string field)
    {
        string line = File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}

/// <summary>Time of all processors together.</summary>
/// <param name="Busy">Spent on processes and the kernel.</param>
/// <param name="Stolen">By the hypervisor.</param>
/// <param name="Total">All there was.</param>
internal readonly record struct ProcessorTimes(TimeSpan Busy, TimeSpan Stolen, TimeSpan Total);
