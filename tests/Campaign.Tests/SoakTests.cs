using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Init.Attestation;
using Init.Campaign.Tests.Load;
using Init.Client;
using Init.Init.Tests.EndToEnd;
using Init.Init.Tests.InitProcess;
using Init.Linux;
using Init.Prover.Noir;
using Init.Simulator.SoftwareNsm;
using Init.SystemTests;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;
using Xunit.Abstractions;

namespace Init.Campaign.Tests;

/// <summary>Everything at once: good clients, hostile ones, circuits that break the prover; sealed and plain.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Clients = 24, GuestClients = 10;

    // A leak of 64 bytes in each of half an hour's requests is more.
    internal const long AllowedGrowthKiB = 4 << 10;

    // A shorter one is not level in its middle yet.
    private static readonly TimeSpan ShowsGrowth = TimeSpan.FromMinutes(20);

    // What .NET's pool may have more at one moment than at another.
    private const int PoolThreads = 16;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Keys change all the time, so that clients must attest again.
    private const string KeyLifetime = "init.key_lifetime_s=10";

    [ProcessFact]
    public async Task Mixed_load_with_faults_gives_no_wrong_answer_and_leaves_nothing()
    {
        byte[] pcr0 = RandomNumberGenerator.GetBytes(48);
        SoftwareNsmDevice module = AttestedServer.ModuleOf(pcr0);
        AttestationPolicy policy = AttestedServer.PolicyFor(module, pcr0);
        using BootedProcess process = BootedProcess.Ready(new ProcessPlan { Module = module, Arguments = [KeyLifetime] });
        using EnclaveClient watcher = process.Connect();
        int id = process.FindId(isFirst: false);
        SoakTarget target = new(
            process.Address, () => UnixSocket.Connect(process.SocketPath, Patience), policy, new KnownCircuit("tiny", "soak"), Larger(),
            () => !process.HasExited, Patience);

        Task<long> ResidentAsync() => Task.FromResult(Footprint.Of(id).ResidentKiB);

        SoakRun warmUp = new(target, CampaignPlan.Seed + 1);
        await warmUp.RunAsync(Clients, WarmUp, ResidentAsync, () => "warming up");
        Footprint before = await FootprintAsync(watcher, id);
        SoakRun run = new(target, CampaignPlan.Seed);
        await run.RunAsync(
            Clients, CampaignPlan.Soak, ResidentAsync, () => process.HasExited ? process.HowItEnded() : Footprint.Of(id).ToString());
        HealthReply health = await SoakRun.SettleAsync(watcher, Patience);
        Footprint after = await FootprintAsync(watcher, id);

        warmUp.AssertRight();
        int accepted = run.AssertRight();
        Say("soak of the process", CampaignPlan.Soak, run, accepted, $"{before} before, {after} after");
        Assert.Empty(run.Tally.NeverDone(Behaviour.All));
        Assert.DoesNotContain(health.Requests.Errors, error => error.Code == ErrorCode.Internal);
        Assert.All(health.Connections.Evicted, evicted => Assert.True(evicted.Name != "fault" || evicted.Count == 0, $"{evicted}"));
        Assert.Equal(before.Descriptors, after.Descriptors);
        Assert.InRange(after.Threads, 0, before.Threads + PoolThreads);
        Assert.InRange(after.Mappings, 0, before.Mappings + 40);
        Assert.InRange(after.ResidentKiB, 0, before.ResidentKiB + (32 << 10));
        AssertLevel(run, CampaignPlan.Soak);
    }

    [SoftwareNsmFact]
    public async Task Mixed_load_on_the_production_image_gives_no_wrong_answer_and_leaves_nothing()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production, SoftwareNsmTests.With);
        using EnclaveClient watcher = enclave.Connect();
        AttestationPolicy policy = new()
        {
            Roots = [AttestationRoot.FromCertificate("development", enclave.Machine.Nsm!.RootCertificate.Span)],
            Images = [new MeasuredImage("production", Images.Production.Measurements.Registers.ToDictionary(r => r.Index, r => PcrValue.Parse(r.Value)))],
        };
        SoakTarget target = new(
            enclave.Address, () => GuestSocket.Connect(enclave.Machine.SocketPath, Patience), policy, new KnownCircuit("tiny", "soak-guest"), Larger(),
            () => !enclave.Machine.Exited.IsCompleted, Patience * 2);

        async Task<long> ResidentAsync() => (long)(await watcher.HealthAsync()).Memory.RssBytes >> 10;

        SoakRun warmUp = new(target, CampaignPlan.Seed + 3);
        await warmUp.RunAsync(GuestClients, WarmUp, ResidentAsync, () => "warming up");
        HealthReply before = await SoakRun.SettleAsync(watcher, Patience);
        SoakRun run = new(target, CampaignPlan.Seed + 2);
        await run.RunAsync(GuestClients, CampaignPlan.GuestSoak, ResidentAsync, () => "the production image");
        HealthReply after = await SoakRun.SettleAsync(watcher, Patience);

        warmUp.AssertRight();
        int accepted = run.AssertRight();
        Say("soak of the production image", CampaignPlan.GuestSoak, run, accepted, $"{Of(before)} before, {Of(after)} after");
        Assert.InRange(after.UptimeMs, before.UptimeMs, ulong.MaxValue);
        Assert.DoesNotContain(after.Requests.Errors, error => error.Code == ErrorCode.Internal);
        Assert.All(after.Connections.Evicted, evicted => Assert.True(evicted.Name != "fault" || evicted.Count == 0, $"{evicted}"));
        Assert.InRange(after.Descriptors, 0ul, before.Descriptors);
        Assert.InRange(after.Threads, 0ul, before.Threads + PoolThreads);
        Assert.InRange(after.Memory.RssBytes, 0ul, before.Memory.RssBytes + (32 << 20));
        AssertLevel(run, CampaignPlan.GuestSoak);
    }

    private static void AssertLevel(SoakRun run, TimeSpan duration)
    {
        if (duration >= ShowsGrowth)
        {
            Assert.InRange(run.Resident.GrowthKiB, long.MinValue, AllowedGrowthKiB);
        }
    }

    private void Say(string load, TimeSpan duration, SoakRun run, int accepted, string footprints)
    {
        SoakTally tally = run.Tally;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{duration.TotalSeconds:F0} s: {tally.Total} requests and attacks; {tally.ByKind()}; {tally.Faults} wrong or unexpected; {tally.Proofs} proofs, bb accepts {accepted} of {tally.SomeProofs.Count} asked; {footprints}; {run.Resident}");
        output.WriteLine($"seed {CampaignPlan.Seed}\n{text}\n{tally}");
        CampaignRecord.Load(load, text);
    }

    /// <summary>When it has settled: threads that have nothing to do end after a while.</summary>
    private static async Task<Footprint> FootprintAsync(EnclaveClient watcher, int id)
    {
        await SoakRun.SettleAsync(watcher, Patience);
        Footprint least = Footprint.Of(id);
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(25); await Task.Delay(500))
        {
            await watcher.HealthAsync();
            Footprint now = Footprint.Of(id);
            least = new Footprint(
                Math.Min(least.Threads, now.Threads), Math.Min(least.Descriptors, now.Descriptors), Math.Min(least.Mappings, now.Mappings),
                Math.Min(least.ResidentKiB, now.ResidentKiB));
        }

        return least;
    }

    private static string Of(HealthReply health) => string.Create(
        CultureInfo.InvariantCulture, $"{health.Threads} threads, {health.Descriptors} descriptors, {health.Memory.RssBytes >> 10} KiB resident");

    private static ReadOnlyMemory<byte> Larger() => NoirProgram.ExtractBytecode(File.ReadAllBytes(TestCircuit.Named("medium").Program));
}
