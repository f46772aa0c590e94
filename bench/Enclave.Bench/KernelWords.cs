using System.Diagnostics;
using System.Globalization;
using Init.Client;
using Init.Wire;

namespace Init.Enclave.Bench;

/// <summary>Images that differ in words of the kernel's command line, booted in turn: boot, memory, a proof.</summary>
internal static class KernelWords
{
    public static async Task RunAsync(IReadOnlyDictionary<string, string> images, string circuit, int rounds, int proofs)
    {
        ProveRequest request = Request(circuit);
        string[] words = [.. images.Keys];
        var ready = words.ToDictionary(w => w, _ => new List<double>());
        var proof = words.ToDictionary(w => w, _ => new List<double>());
        var resident = words.ToDictionary(w => w, _ => new List<double>());
        for (int round = 0; round < rounds; round++)
        {
            for (int turn = 0; turn < words.Length; turn++)
            {
                string word = words[(round + turn) % words.Length];
                using Guest guest = Guest.Start(images[word]);
                ready[word].Add((await guest.LineAsync("[init] ready").ConfigureAwait(false)).WallMs);
                using EnclaveClient client = await guest.ConnectClientAsync().ConfigureAwait(false);
                for (int i = 0; i < proofs; i++)
                {
                    TimeSpan before = guest.CpuTime();
                    await client.ProveAsync(request).ConfigureAwait(false);
                    proof[word].Add((guest.CpuTime() - before).TotalMilliseconds);
                }

                resident[word].Add((await client.HealthAsync().ConfigureAwait(false)).Memory.RssBytes / (double)(1 << 20));
                Progress.Say($"round {round + 1}, {word}: ready {ready[word][^1]:F0} ms, proof {proof[word][^1]:F0} ms of CPU");
            }
        }

        foreach (string word in words)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{word}: ready {Show(ready[word])} ms, CPU of a proof {Show(proof[word])} ms, resident {Show(resident[word])} MiB"));
        }
    }

    private static string Show(List<double> values)
    {
        Series series = Series.Of(values);
        return string.Create(CultureInfo.InvariantCulture, $"{series.Median:F0} ({series.Min:F0} to {series.Max:F0})");
    }

    private static ProveRequest Request(string circuit)
    {
        string folder = Checkout.CircuitFolder(circuit);
        return new ProveRequest
        {
            Circuit = new CircuitSource.InlineCircuit(File.ReadAllBytes(Path.Combine(folder, "bytecode.gz"))),
            Witness = File.ReadAllBytes(Path.Combine(folder, "witness.gz")),
            Settings = new ProveSettings(),
            DeadlineMs = 3_600_000,
        };
    }
}
