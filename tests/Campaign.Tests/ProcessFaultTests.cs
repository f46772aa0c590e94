using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Init.Client;
using Init.Init.Tests.InitProcess;
using Init.Init.Tests.Server;
using Init.Linux;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Campaign.Tests;

/// <summary>Faults that the kernel makes, in the static executable.</summary>
public sealed class ProcessFaultTests
{
    // The pool's come and go with the machine's load; ten thousand connections that kept one each would be seen.
    private const int MostThreads = 48;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [FailureMode(18, "EINTR storms")]
    [ProcessFact]
    public async Task Signals_without_pause_into_every_thread_change_no_answer()
    {
        using BootedProcess process = BootedProcess.Ready(new ProcessPlan());
        using EnclaveClient client = process.Connect();
        ProveRequest tiny = SystemTests.ProductionImageTests.Tiny();
        int echoes = 0, connects = 0;
        long sent;
        using (SignalStorm storm = new(process.FindId(isFirst: false)))
        {
            Random random = new(18);
            for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(8); echoes++)
            {
                byte[] data = new byte[random.Next(1, 300_000)];
                random.NextBytes(data);
                Assert.Equal(data, (await client.EchoAsync(data)).Data.ToArray());
                using EnclaveClient another = process.Connect(); // accept
                Assert.Equal(5, (await another.EchoAsync(new byte[5])).Data.Length);
                connects++;
                Assert.NotEqual(0, (await client.FetchAttestationAsync(BitConverter.GetBytes(echoes), default)).Document.Length);
            }

            Assert.NotEqual(0, (await client.ProveAsync(tiny)).Proof.Length);
            sent = storm.Sent;
        }

        Assert.InRange(sent, 1_000, long.MaxValue);
        Assert.Empty((await client.HealthAsync()).Requests.Errors);
        CampaignRecord.Figure(18, string.Create(CultureInfo.InvariantCulture, $"{sent} signals into all threads of the process: {echoes} echoes, {connects} connects, {echoes} documents and a proof, all right"));
    }

    [FailureMode(17, "The consumer of telemetry is slow or gone")]
    [ProcessFact]
    public async Task A_client_that_never_reads_its_progress_events_holds_nobody_up_and_gets_its_answers_late()
    {
        const int Asked = 8;
        using BootedProcess process = BootedProcess.Ready(new ProcessPlan());
        using EnclaveClient watcher = process.Connect();
        ProveRequest tiny = SystemTests.ProductionImageTests.Tiny();
        using RawClient silent = Raw(process);
        for (ulong id = 1; id <= Asked; id++)
        {
            silent.Send(id, tiny with { WantsProgress = true });
        }

        for (HealthReply health = await watcher.HealthAsync(); health.Prover.Done < Asked; health = await watcher.HealthAsync())
        {
            Assert.Equal(9, (await watcher.EchoAsync(new byte[9]).WaitAsync(Patience)).Data.Length);
        }

        Assert.NotEqual(0, (await watcher.ProveAsync(tiny).WaitAsync(Patience)).Proof.Length);
        Dictionary<FrameKind, int> read = [];
        while (read.GetValueOrDefault(FrameKind.Reply) < Asked)
        {
            FrameKind kind = silent.Read().Kind;
            read[kind] = read.GetValueOrDefault(kind) + 1;
        }

        Assert.DoesNotContain(FrameKind.Error, read.Keys);
        Assert.InRange(read[FrameKind.Progress], 1, int.MaxValue);
        CampaignRecord.Figure(17, $"{Asked} proofs of a client that reads nothing: all made, {read[FrameKind.Progress]} events lay there when it read");
    }

    [FailureMode(21, "The stream ends right after accept")]
    [FailureMode(28, "Ten thousand connects")]
    [ProcessFact]
    public async Task Ten_thousand_clients_that_come_and_go_leave_nothing_in_the_process()
    {
        const int Connects = 10_000;
        using BootedProcess process = BootedProcess.Ready(new ProcessPlan());
        using EnclaveClient watcher = process.Connect();
        await ComeAndGoAsync(process, watcher, Connects); // the collector has its first generation's size then
        int id = process.FindId(isFirst: false);
        Footprint before = Footprint.Of(id);
        Stopwatch watch = Stopwatch.StartNew();
        await ComeAndGoAsync(process, watcher, Connects);
        TimeSpan took = watch.Elapsed;
        Footprint after = Footprint.Of(id);
        CampaignRecord.Figure(28, string.Create(CultureInfo.InvariantCulture, $"{Connects} connects to the process in {took.TotalSeconds:F1} s; {before} before, {after} after"));
        Assert.Equal(before.Descriptors, after.Descriptors);
        Assert.InRange(after.Threads, 0, MostThreads);
        Assert.InRange(after.ResidentKiB, 0, before.ResidentKiB + (8 << 10));
    }

    /// <summary>In the static executable, whose .NET is the one that is shipped: under another, a pipe may allow what this one throws for.</summary>
    [FailureMode(19, "The stream ends")]
    [FailureMode(27, "Half-close and reset")]
    [ProcessFact]
    public async Task Clients_that_vanish_inside_a_frame_leave_no_byte_and_no_fault()
    {
        const int Clients = 200;
        using BootedProcess process = BootedProcess.Ready(new ProcessPlan());
        using EnclaveClient watcher = process.Connect();
        Random random = new(27);
        for (int i = 0; i < Clients; i++)
        {
            byte[] frame = RawClient.Frames(1, new EchoRequest(new byte[random.Next(1, 60_000)]));
            using RawClient client = Raw(process);
            client.Send(frame.AsSpan(0, random.Next(1, frame.Length)));
            await Task.Delay(i % 5);
        }

        await OnlyTheWatcherIsLeftAsync(watcher);
        HealthReply health = await watcher.HealthAsync();
        Assert.InRange(health.Requests.BytesInFlight, 0ul, 100ul); // of the question itself
        Assert.All(health.Connections.Evicted, evicted => Assert.True(evicted.Name != "fault" || evicted.Count == 0, $"{evicted}"));
    }

    [FailureMode(29, "No descriptors at accept")]
    [ProcessFact]
    public async Task Without_descriptors_who_is_there_is_served_and_the_rest_when_there_are_some_again()
    {
        const int Clients = 60, Spare = 8;
        using BootedProcess process = BootedProcess.Ready(new ProcessPlan());
        using EnclaveClient watcher = process.Connect();
        int id = process.FindId(isFirst: false);
        await watcher.HealthAsync();
        int limit = Directory.GetFiles($"/proc/{id}/fd").Length + Spare;
        BootedProcess.Run("prlimit", $"--pid={id}", $"--nofile={limit}:");
        List<RawClient> clients = [.. Enumerable.Range(0, Clients).Select(_ => Raw(process))];
        int told = 0, waiting = 0;
        clients.ForEach(client => client.TrySend(RawClient.Frames(1, new EchoRequest(new byte[3]))));
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(2); await Task.Delay(50))
        {
            Assert.Equal(9, (await watcher.EchoAsync(new byte[9])).Data.Length); // whoever is there is served
        }

        BootedProcess.Run("prlimit", $"--pid={id}", "--nofile=4096:");
        foreach (RawClient client in clients)
        {
            switch (client.TryRead())
            {
                case { Id: 1, Kind: FrameKind.Reply }:
                    waiting++;
                    break;
                case { Id: 0, Kind: FrameKind.Error } message:
                    Assert.Equal(ErrorCode.Busy, message.Error.Code);
                    told++;
                    break;
                case var other:
                    Assert.Fail($"neither served nor told: {other}");
                    break;
            }

            client.Dispose();
        }

        Assert.InRange(told, 1, Clients);
        Assert.InRange(waiting, 1, Clients);
        using RawClient late = Raw(process);
        Assert.IsType<EchoReply>(late.Call(1, new EchoRequest(new byte[3])));
        CampaignRecord.Figure(29, $"a limit of {limit} descriptors and {Clients} clients more: {waiting} served, {told} told busy, none lost");
    }

    [FailureMode(31, "A burst of attestations")]
    [ProcessFact]
    public async Task A_burst_of_attestations_with_a_slow_module_is_answered_or_told_busy_and_health_stays_fast()
    {
        const int Burst = 300, Connections = 30;
        using BootedProcess process = BootedProcess.Ready(new ProcessPlan());
        using EnclaveClient watcher = process.Connect();
        process.Nsm.Faults = new SoftwareNsmFaults { Delay = TimeSpan.FromMilliseconds(40) };
        EnclaveClient[] clients = [.. Enumerable.Range(0, Connections).Select(_ => process.Connect())];
        Task<string>[] calls = [.. Enumerable.Range(0, Burst).Select(i => OutcomeAsync(clients[i % Connections]))];
        List<double> health = [];
        while (!Task.WhenAll(calls).IsCompleted && health.Count < 200)
        {
            long start = Stopwatch.GetTimestamp();
            await watcher.HealthAsync();
            health.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Dictionary<string, int> outcomes = (await Task.WhenAll(calls).WaitAsync(Patience)).CountBy(outcome => outcome).ToDictionary();
        Array.ForEach(clients, client => client.Dispose());
        double median = health.Order().ElementAt(health.Count / 2);
        CampaignRecord.Figure(31, string.Create(
            CultureInfo.InvariantCulture,
            $"{Burst} at once, the module 40 ms slower: {string.Join(", ", outcomes.Select(o => $"{o.Value} {o.Key}"))}; health's median {median:F1} ms"));
        Assert.All(outcomes.Keys, outcome => Assert.Contains(outcome, (string[])["document", nameof(ErrorCode.Busy)]));
        Assert.InRange(outcomes["document"], 1, Burst);
        Assert.InRange(outcomes[nameof(ErrorCode.Busy)], 1, Burst);
        Assert.True(median < 50, $"{median} ms");
    }

    private static async Task<string> OutcomeAsync(EnclaveClient client)
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(16);
        try
        {
            AttestReply reply = await client.FetchAttestationAsync(nonce, default);
            return reply.Document.Span.IndexOf(nonce) >= 0 ? "document" : "another's document";
        }
        catch (ClientException failure)
        {
            return failure.Reply?.Code.ToString() ?? failure.Error.ToString();
        }
    }

    private static async Task ComeAndGoAsync(BootedProcess process, EnclaveClient watcher, int connects)
    {
        for (int i = 0; i < connects; i++)
        {
            using RawClient client = Raw(process);
            if (i % 10 == 0)
            {
                Assert.IsType<EchoReply>(client.Call(1, new EchoRequest(new byte[1])));
            }
        }

        await OnlyTheWatcherIsLeftAsync(watcher);
    }

    private static async Task OnlyTheWatcherIsLeftAsync(EnclaveClient watcher)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while ((await watcher.HealthAsync()).Connections.Open != 1)
        {
            Assert.True(watch.Elapsed < Patience);
        }
    }

    private static RawClient Raw(BootedProcess process) => new(UnixSocket.Connect(process.SocketPath, Patience));
}
