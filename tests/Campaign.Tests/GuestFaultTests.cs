using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Init.Client;
using Init.Init.Tests.Server;
using Init.Simulator.Qemu;
using Init.SystemTests;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Campaign.Tests;

/// <summary>What only a machine can show: a serial port that nobody reads for long, connections by the thousand over vsock.</summary>
public sealed class GuestFaultTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(15);

    /// <summary>Neither the parent nor the tty behind it has room for one byte more when the enclave's first line comes, and nobody ever reads.</summary>
    [FailureMode(16, "Nobody reads the console")]
    [GuestFact]
    public async Task A_console_that_is_full_from_the_start_and_that_nobody_reads_stops_nothing()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(FullTty(), BootedEnclave.Unread);
        using EnclaveClient client = enclave.Connect();
        Random random = new(16);
        TimeSpan longest = TimeSpan.Zero, said = TimeSpan.Zero;
        int requests = 0;
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < CampaignPlan.Console; requests++)
        {
            byte[] data = new byte[random.Next(1, 20_000)];
            random.NextBytes(data);
            long start = Stopwatch.GetTimestamp();
            Assert.Equal(data, (await client.EchoAsync(data).WaitAsync(Patience)).Data.ToArray());
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            longest = took > longest ? took : longest;
            if (watch.Elapsed - said > SayEvery)
            {
                said = watch.Elapsed;
                await client.FetchAttestationAsync(BitConverter.GetBytes(requests), default).WaitAsync(Patience);
                CampaignRecord.Say(string.Create(CultureInfo.InvariantCulture, $"a console that nobody reads: {said.TotalSeconds:F0} s of {CampaignPlan.Console.TotalSeconds:F0}, {requests} requests"));
            }
        }

        HealthReply health = await client.HealthAsync();
        Assert.Empty(health.Requests.Errors);
        Assert.NotEqual(0ul, health.DroppedConsoleLines); // else it was not full
        CampaignRecord.Figure(16, string.Create(
            CultureInfo.InvariantCulture,
            $"full from the start, nobody reads for {CampaignPlan.Console.TotalSeconds:F0} s: {health.DroppedConsoleLines} lines of the boot dropped, {requests} requests, no error, the slowest {longest.TotalMilliseconds:F0} ms"));
    }

    /// <summary>A tty's last close waits up to half a minute for a line that nobody reads. The main thread, which ends the machine, does not.</summary>
    [FailureMode(16, "Nobody reads the console")]
    [GuestFact]
    public async Task A_console_that_cannot_be_closed_at_once_does_not_hold_up_the_end()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(FullTty(), BootedEnclave.Unread);
        using EnclaveClient client = enclave.Connect();
        await client.ShutDownAsync();
        await enclave.WaitForExitAsync(TimeSpan.FromSeconds(15));
    }

    /// <summary>The clock that the NSM tells goes an hour forward and two back, and the enclave's with it: a frame that has begun has ten seconds all the same.</summary>
    [FailureMode(13, "The wall clock steps")]
    [SoftwareNsmFact]
    public async Task A_wall_clock_that_steps_while_requests_run_ends_none_and_no_deadline_moves()
    {
        SteppingTime time = new();
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(
            Images.Production, options => SoftwareNsmTests.With(options) with { Time = time });
        using EnclaveClient watcher = enclave.Connect();
        ulong steps = (await watcher.HealthAsync()).Clock.Steps;
        ConcurrentBag<TimeSpan> deadlines = [];
        using CancellationTokenSource enough = new();
        Task[] frames = [.. Enumerable.Range(0, 8).Select(i => Task.Run(() => BeginFramesAsync(enclave, deadlines, TimeSpan.FromSeconds(1.3 * i), enough.Token)))];
        int proofs = 0;
        foreach (TimeSpan offset in (TimeSpan[])[TimeSpan.FromHours(1), TimeSpan.FromHours(-1)])
        {
            time.Offset = offset;
            steps++;
            for (Stopwatch watch = Stopwatch.StartNew(); (await watcher.HealthAsync()).Clock.Steps < steps; proofs++)
            {
                Assert.True(watch.Elapsed < Patience, "the clock does not follow the NSM");
                await watcher.ProveAsync(ProductionImageTests.Tiny() with { DeadlineMs = 60_000 }).WaitAsync(Patience);
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(frames).WaitAsync(Patience);
        Assert.NotEmpty(deadlines);
        Assert.All(deadlines, took => Assert.InRange(took, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(20)));
        CampaignRecord.Figure(13, string.Create(
            CultureInfo.InvariantCulture,
            $"an hour forward and two back under load: {proofs} proofs with a deadline, none ended by it; {deadlines.Count} begun frames ended after {deadlines.Min().TotalSeconds:F1} to {deadlines.Max().TotalSeconds:F1} s"));
    }

    [FailureMode(22, "Lengths at their extremes")]
    [FailureMode(28, "Ten thousand connects")]
    [GuestFact]
    public async Task Connections_by_the_thousand_and_lengths_that_cannot_be_leave_nothing_in_the_production_image()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production);
        using EnclaveClient watcher = enclave.Connect();
        await ComeAndGoAsync(enclave, 200);
        HealthReply before = await OnlyTheWatcherAsync(watcher);
        Stopwatch watch = Stopwatch.StartNew();
        await ComeAndGoAsync(enclave, CampaignPlan.GuestConnects);
        TimeSpan took = watch.Elapsed;
        HealthReply after = await OnlyTheWatcherAsync(watcher);
        Assert.InRange(after.Descriptors, 0ul, before.Descriptors); // the runtime may have had one open just then
        Assert.InRange(after.Memory.RssBytes, 0ul, before.Memory.RssBytes + (16 << 20));
        Assert.Equal((ulong)CampaignPlan.GuestConnects, after.Connections.Accepted - before.Connections.Accepted);
        Assert.Equal(1, enclave.Machine.Vsock.Statistics.Connections);
        CampaignRecord.Figure(28, string.Create(
            CultureInfo.InvariantCulture,
            $"{CampaignPlan.GuestConnects} connects to the image over vsock in {took.TotalSeconds:F0} s; {before.Descriptors} descriptors and {before.Memory.RssBytes >> 10} KiB resident before, {after.Descriptors} and {after.Memory.RssBytes >> 10} after"));
    }

    private static async Task BeginFramesAsync(BootedEnclave enclave, ConcurrentBag<TimeSpan> deadlines, TimeSpan after, CancellationToken enough)
    {
        await Task.Delay(after, CancellationToken.None);
        while (!enough.IsCancellationRequested)
        {
            using RawClient client = new(GuestSocket.Connect(enclave.Machine.SocketPath, Patience), Patience);
            client.Send(RawClient.Header(100));
            long start = Stopwatch.GetTimestamp();
            Assert.Equal(ErrorCode.Deadline, client.ReadError(0).Code);
            deadlines.Add(Stopwatch.GetElapsedTime(start));
        }
    }

    private static Task ComeAndGoAsync(BootedEnclave enclave, int connects) => Task.Run(() =>
    {
        uint[] lengths = [0, 1, WireLimits.MaxFrameBodyBytes + 1, 1u << 31, uint.MaxValue];
        for (int i = 0; i < connects; i++)
        {
            using RawClient client = new(GuestSocket.Connect(enclave.Machine.SocketPath, Patience), Patience);
            if (i % 10 == 0)
            {
                client.Send([.. RawClient.Header(lengths[i / 10 % lengths.Length]), .. new byte[8]]);
                Assert.Contains(client.ReadError(0).Code, (ErrorCode[])[ErrorCode.Malformed, ErrorCode.TooLarge]);
                client.AssertClosed();
            }
        }
    });

    private static async Task<HealthReply> OnlyTheWatcherAsync(EnclaveClient watcher)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            HealthReply health = await watcher.HealthAsync();
            if (health.Connections.Open == 1)
            {
                return health;
            }

            Assert.True(watch.Elapsed < Patience);
        }
    }

    private static Image FullTty() => Images.WithFirstProcess("full-tty", "first_init.c", "-DFULL_TTY");

    /// <summary>The hypervisor's clock, which somebody sets.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
