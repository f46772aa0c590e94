using System.Globalization;

namespace Init.Testing;

/// <summary>What a process holds: a leak of any shows as growth.</summary>
public sealed record Footprint(int Threads, int Descriptors, int Mappings, long ResidentKiB)
{
    public static Footprint Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // gives free pages back
        return Of("self");
    }

    /// <summary>Of another process, as it is.</summary>
    public static Footprint Of(int processId) => Of(processId.ToString(CultureInfo.InvariantCulture));

    /// <summary>A field of /proc/PID/status that is in kB.</summary>
    public static long StatusKiB(string field, string process = "self")
    {
        string line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB").TrimEnd(), CultureInfo.InvariantCulture);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Threads} threads, {Descriptors} descriptors, {Mappings} mappings, {ResidentKiB} KiB resident");

    private static Footprint Of(string process) => new(
        Directory.GetDirectories($"/proc/{process}/task").Length,
        Directory.GetFiles($"/proc/{process}/fd").Length,
        File.ReadLines($"/proc/{process}/maps").Count(),
        StatusKiB("VmRSS:", process));
}
