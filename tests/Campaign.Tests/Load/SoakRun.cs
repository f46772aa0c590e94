using System.Diagnostics;
using System.Globalization;
using Init.Client;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Campaign.Tests.Load;

/// <summary>Many clients at once for a while, then what came of it.</summary>
internal sealed class SoakRun(SoakTarget target, int seed)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1), SayEvery = TimeSpan.FromSeconds(15);

    /// <summary>What came of everything so far.</summary>
    public SoakTally Tally { get; } = new(new Random(seed));

    /// <summary>What the enclave had resident meanwhile.</summary>
    public ResidentTrend Resident { get; } = new();

    /// <summary>Runs clients; each has its own random choices, all of which the seed decides.</summary>
    /// <param name="clients">How many.</param>
    /// <param name="duration">How long they begin something new.</param>
    /// <param name="residentKiB">What the enclave has resident; asked every second.</param>
    /// <param name="say">Said to whoever waits, every quarter of a minute.</param>
    public async Task RunAsync(int clients, TimeSpan duration, Func<Task<long>> residentKiB, Func<string> say)
    {
        // What is blocked in a read must not keep others from being woken.
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, (2 * clients) + 16), ports);
        Random seeds = new(seed);
        SoakClient[] all = [.. Enumerable.Range(0, clients).Select(_ => new SoakClient(target, Tally, seeds.Next()))];
        Task load = Task.WhenAll(all.Select((client, number) => Task.Run(
            () => client.RunAsync(Behaviour.All.Where((_, index) => index % clients == number), duration))));
        TimeSpan said = TimeSpan.Zero;
        for (Stopwatch watch = Stopwatch.StartNew(); await Task.WhenAny(load, Task.Delay(LookEvery)) != load;)
        {
            if (target.IsAlive())
            {
                Resident.Add(await residentKiB());
            }

            if (watch.Elapsed - said >= SayEvery)
            {
                said = watch.Elapsed;
                CampaignRecord.Say(string.Create(
                    CultureInfo.InvariantCulture, $"{said.TotalSeconds:F0} s of {duration.TotalSeconds:F0}: {Tally.Total} requests, {Tally.Faults} faults; {say()}"));
            }
        }

        await load;
        Array.ForEach(all, client => client.Dispose());
    }

    /// <summary>Waits until nothing of the load is left in the enclave, and returns how it is then.</summary>
    public static async Task<HealthReply> SettleAsync(EnclaveClient watcher, TimeSpan patience)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            HealthReply health = await watcher.HealthAsync();
            if (health is { Connections.Open: 1, Requests.BytesInFlight: < 1_000, Prover: { Running: 0, Queued: 0 } })
            {
                return health;
            }

            Assert.True(
                watch.Elapsed < patience,
                $"{health.Connections.Open} connections, {health.Requests.InFlight} requests, {health.Requests.BytesInFlight} bytes, {health.Prover.Running} proofs are left");
        }
    }

    /// <summary>No wrong answer, nothing unexpected; what proofs came back, bb accepts.</summary>
    /// <returns>How many of them it was asked about.</returns>
    public int AssertRight()
    {
        Assert.True(target.IsAlive(), $"it has ended; seed {seed}\n{Tally}");
        Assert.True(Tally.Faults == 0, $"seed {seed}\n{Tally}");
        int accepted = Tally.SomeProofs.Count(target.Circuit.BbAccepts);
        Assert.Equal(Tally.SomeProofs.Count, accepted);
        return accepted;
    }
}
