using System.Globalization;

namespace Init.Testing;

/// <summary>What this process holds: a leak of any shows as growth.</summary>
public sealed record Footprint(int Threads, int Descriptors, int Mappings, long ResidentKiB)
{
    public static Footprint Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // gives free pages back
        return new Footprint(
            Directory.GetDirectories("/proc/self/task").Length,
            Directory.GetFiles("/proc/self/fd").Length,
            File.ReadLines("/proc/self/maps").Count(),
            StatusKiB("VmRSS:"));
    }

    /// <summary>A field of /proc/self/status that is in kB.</summary>
    public static long StatusKiB(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB").TrimEnd(), CultureInfo.InvariantCulture);
    }
}
