using System.Diagnostics;
using Init.Linux;
using Init.Nsm;
using Init.Server;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Init.Tests.Server;

/// <summary>Alone on the machine as far as this project can say: they measure.</summary>
[CollectionDefinition(nameof(LoadTests), DisableParallelization = true)]
[Collection(nameof(LoadTests))]
public sealed class LoadTests
{
    private static readonly TimeSpan HealthBound = TimeSpan.FromMilliseconds(50);

    [FailureMode(25, "Both directions saturated")]
    [FailureMode(26, "Large writes")]
    [Fact]
    public async Task Both_directions_full_with_100_MiB_each_come_through_unchanged()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        byte[] data = new byte[10 << 20];
        new Random(7).NextBytes(data);
        const int times = 10;

        // Requests are written while the replies to earlier ones come in: neither side stops for the other.
        Task sending = Task.Run(() =>
        {
            for (ulong id = 1; id <= times; id++)
            {
                client.Send(RawClient.Frames(id, new EchoRequest(data)));
            }
        });
        List<ulong> ids = [];
        for (int i = 0; i < times; i++)
        {
            Message message = client.Read();
            ids.Add(message.Id);
            Assert.True(((EchoReply)message.Reply).Data.Span.SequenceEqual(data));
        }

        await sending;
        Assert.Equal(Enumerable.Range(1, times).Select(i => (ulong)i), ids.Order());
        server.Until(c => c.Bytes == 0);
    }

    [FailureMode(28, "Ten thousand connects")]
    [Fact]
    public void Ten_thousand_connections_that_come_and_go_leave_nothing()
    {
        using TestServer server = new();
        ComeAndGo(server, 500);
        Footprint before = Footprint.Now();
        ComeAndGo(server, 10_000);
        AssertFlat(before, server);
    }

    [Fact]
    public void A_thousand_idle_connections_wake_nobody_and_leave_nothing()
    {
        using TestServer server = new();
        ComeAndGo(server, 500);
        Footprint before = Footprint.Now();
        List<RawClient> clients = [.. Enumerable.Range(0, 1000).Select(_ => server.Connect())];
        server.Until(c => c.Connections == 1000);
        clients.ForEach(c => Assert.IsType<EchoReply>(c.Call(1, new EchoRequest(new byte[10]))));
        server.Until(c => c.Bytes == 0);
        AssertNoWakeUps(server);
        Assert.Equal(0, server.Counters.Blocks);
        Assert.InRange(Footprint.Now().ResidentKiB, 0, before.ResidentKiB + (24 << 10)); // the clients' side included
        Assert.True(MedianHealth(server) < HealthBound);
        clients.ForEach(c => c.Dispose());
        server.Until(c => c.Connections == 0);
        AssertFlat(before, server);
    }

    [Fact]
    public void An_idle_server_wakes_up_for_nothing_not_even_the_deadlines_of_those_who_left()
    {
        using TestServer server = new();
        ComeAndGo(server, 10);
        AssertNoWakeUps(server);
        Assert.Equal(SocketLoop.Never, server.Server.NextDeadline);
    }

    [FailureMode(31, "A burst of attestations")]
    [Fact]
    public void Health_is_quick_while_a_proof_an_upload_and_a_dead_nsm_keep_the_enclave_busy()
    {
        using MuteDevice nsm = new();
        using TestServer server = new(device: nsm);
        server.Prover.Holds = true;
        using RawClient busy = server.Connect(), uploader = server.Connect(), other = server.Connect();
        busy.Send(1, Requests.Prove());
        busy.Send(2, new AttestRequest(new byte[16], default) { DeadlineMs = 60_000 });
        TestServer.Until(() => server.Prover.Proving == 1 && nsm.IsCalled);
        using CancellationTokenSource enough = new();
        Thread upload = new(() => Upload(uploader, enough.Token));
        upload.Start();
        try
        {
            TimeSpan median = MedianHealth(server);
            Assert.True(median < HealthBound, $"{median.TotalMilliseconds} ms");
        }
        finally
        {
            enough.Cancel();
            upload.Join();
            server.Prover.Release();
            nsm.Answer();
        }
    }

    [Fact]
    public void A_client_that_vanishes_frees_the_prover_within_a_second()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        RawClient client = server.Connect();
        client.Send(1, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        client.Dispose();
        Assert.True(SpinWait.SpinUntil(() => server.Prover.Proving == 0, TimeSpan.FromSeconds(1)));
        server.Until(c => c is { Connections: 0, Bytes: 0, Requests: 0, Blocks: 0 });
        Assert.Equal(1, server.Counters.Events[ServerEvent.Vanished]);
    }

    [Fact]
    public void Health_is_quick_while_the_thread_pool_copies()
    {
        ThreadPool.GetMinThreads(out _, out int others);
        Assert.True(ThreadPool.SetMinThreads(1, others)); // as a machine with one processor
        using TestServer server = new();
        using ManualResetEventSlim copied = new();
        for (int i = 0; i < 6; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => copied.Wait(), null); // as a handler that copies 128 MiB
        }

        TimeSpan median = MedianHealth(server);
        copied.Set();
        Assert.True(median < HealthBound, $"{median.TotalMilliseconds} ms");
        ThreadPool.GetMinThreads(out int workers, out _);
        Assert.InRange(workers, 7, int.MaxValue); // the pool may have had threads to spare
    }

    [Fact]
    public void An_echo_of_one_frame_needs_no_thread_but_that_of_the_sockets_and_what_takes_time_does_not_take_it()
    {
        const int MoreThanThePoolTakes = 500;
        using TestServer server = new();
        using RawClient small = server.Connect(), large = server.Connect(), flat = server.Connect();
        RawClient[] clients = [small, large, flat];
        Assert.All(clients, client => Assert.IsType<HelloReply>(client.Call(1, new HelloRequest(1, 1))));
        using ManualResetEventSlim enough = new();
        using CountdownEvent ended = new(MoreThanThePoolTakes);
        for (int i = 0; i < MoreThanThePoolTakes; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    enough.Wait();
                    ended.Signal();
                },
                null);
        }

        // An array of numbers where the bytes should be: decoding it takes the longer the longer it is.
        large.Send(RawClient.Frame(2, more: false, [0x83, (byte)Operation.Echo, 0, 0xa1, 1, 0x99, 0x80, 0, .. new byte[0x8000]]));
        flat.Send(2, new EchoRequest(new byte[1_000_000]));
        Assert.IsType<EchoReply>(flat.ReadReply(2));
        for (ulong id = 2; id < 50; id++)
        {
            Assert.IsType<EchoReply>(small.Call(id, new EchoRequest(new byte[64])));
        }

        large.AssertQuiet();
        enough.Set();
        Assert.Equal(ErrorCode.Malformed, large.ReadError(2).Code);
        ended.Wait();
    }

    private static void Upload(RawClient client, CancellationToken enough)
    {
        byte[] echo = RawClient.Frames(1, new EchoRequest(new byte[32 << 20]), payloadBytes: 256 * 1024);
        while (!enough.IsCancellationRequested)
        {
            client.Send(echo);
            client.ReadReply(1);
        }
    }

    private static TimeSpan MedianHealth(TestServer server)
    {
        using RawClient client = server.Connect();
        List<TimeSpan> times = [];
        for (int i = 0; i < 51; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Assert.IsType<HealthReply>(client.Call(1, new HealthRequest()));
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static void ComeAndGo(TestServer server, int connections)
    {
        long accepted = server.Counters.Events[ServerEvent.Accepted];
        for (int i = 0; i < connections; i++)
        {
            using RawClient client = server.Connect();
            if (i % 10 == 0)
            {
                Assert.IsType<EchoReply>(client.Call(1, new EchoRequest(new byte[1])));
            }
        }

        server.Until(c => c.Connections == 0 && c.Events[ServerEvent.Accepted] == accepted + connections);
    }

    // A second in which nothing happens.
    private static void AssertNoWakeUps(TestServer server)
    {
        using ManualResetEventSlim never = new();
        never.Wait(TimeSpan.FromMilliseconds(200)); // what was under way has ended
        long before = server.Counters.WakeUps;
        never.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(before, server.Counters.WakeUps);
    }

    private static void AssertFlat(Footprint before, TestServer server)
    {
        server.Until(c => c is { Connections: 0, Bytes: 0, Requests: 0, Blocks: 0 });
        Footprint after = Footprint.Now();
        Assert.InRange(after.Descriptors, 0, before.Descriptors + 4);
        TestServer.Until(() => OwnThreads() == 4); // those of the tests before end when they can
        Assert.InRange(after.ResidentKiB, 0, before.ResidentKiB + (16 << 10));
    }

    // The pool's threads come and go with the machine's load.
    private static int OwnThreads() => Directory.GetDirectories("/proc/self/task")
        .Select(task => Path.Combine(task, "comm"))
        .Count(name => File.Exists(name) && File.ReadAllText(name).TrimEnd() is "sockets" or "prove" or "verify" or "nsm");

    /// <summary>An NSM that is called and does not answer.</summary>
    private sealed class MuteDevice : INsmDevice
    {
        private readonly SoftwareNsmDevice _inner = new(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System);
        private readonly ManualResetEventSlim _answers = new();

        public long Opens => 1;

        public bool IsCalled { get; private set; }

        public void Answer() => _answers.Set();

        public int Exchange(ReadOnlySpan<byte> request, Span<byte> response)
        {
            IsCalled = true;
            _answers.Wait(TimeSpan.FromSeconds(60));
            return _inner.Exchange(request, response);
        }

        public void Dispose()
        {
            _answers.Set();
            _inner.Dispose();
        }
    }
}
