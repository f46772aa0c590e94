using System.Globalization;

namespace Init.Prover.Bench.Reporting;

/// <summary>What /proc says of the machine.</summary>
internal static class HostReading
{
    /// <summary>Processes that wanted to run, averaged over a minute.</summary>
    public static double LoadAverage() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>A field of /proc/cpuinfo, of the first processor.</summary>
    public static string CpuInfo(string field)
    {
        string line = File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
