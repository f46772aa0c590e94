using System.Globalization;
using Init.Client;
using Init.Testing;

namespace Init.Init.Tests.InitProcess;

/// <summary>What the static executable costs while it has nothing to do.</summary>
public sealed class FootprintTests
{
    private const long MaxResidentBytes = 24L << 20;

    private const int Windows = 6;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    [ProcessFact]
    public async Task Idle_it_sleeps_and_is_small()
    {
        using BootedProcess process = new(new ProcessPlan { Arguments = ["init.threads=1"] });
        process.WaitForLine("ready:");
        using (EnclaveClient client = process.Connect())
        {
            await client.HelloAsync();
        }

        int id = process.FindId(isFirst: false);
        // One window without a wake-up is enough: the runtime's own threads settle first, and the clock takes its samples.
        string[] busy = [];
        for (int window = 0; window < Windows && (window == 0 || busy.Length > 0); window++)
        {
            Dictionary<string, long> before = CountSwitches(id);
            await Task.Delay(Quiet);
            busy = [.. CountSwitches(id).Where(t => t.Value != before.GetValueOrDefault(t.Key)).Select(t => t.Key)];
        }

        Assert.Empty(busy);
        Assert.InRange(ResidentBytes(id), 1, MaxResidentBytes);
    }

    // proc(5), /proc/pid/task/tid/status: both kinds of switches.
    private static Dictionary<string, long> CountSwitches(int id) => Directory.GetDirectories($"/proc/{id}/task").ToDictionary(
        task => $"{File.ReadAllText(Path.Combine(task, "comm")).Trim()} {Path.GetFileName(task)}",
        task => File.ReadLines(Path.Combine(task, "status")).Where(line => line.Contains("voluntary_ctxt_switches", StringComparison.Ordinal)).Sum(Number));

    private static long ResidentBytes(int id) =>
        1024 * Number(File.ReadLines($"/proc/{id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)));

    private static long Number(string line) =>
        long.Parse(string.Concat(line.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture);
}
