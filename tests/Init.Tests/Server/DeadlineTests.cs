using Init.Linux;
using Init.Server;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Init.Tests.Server;

/// <summary>Deadlines by a clock that the test moves.</summary>
public sealed class DeadlineTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private readonly ServerSettings _settings = new();

    [FailureMode(23, "A header, then silence")]
    [Fact]
    public void A_header_and_then_silence_is_evicted_when_its_time_is_over_and_not_before()
    {
        using TestServer server = new(time: new ManualTime());
        using RawClient client = server.Connect();
        client.Send(RawClient.Header(100));
        server.Until(c => c.Bytes == WireLimits.FrameHeaderBytes);
        AssertEvictedAfter(server, client, _settings.StartedFrame, ServerEvent.EvictedInFrame);
    }

    [FailureMode(23, "A header, then silence")]
    [Fact]
    public void A_frame_that_trickles_has_no_more_time_than_one_that_stops()
    {
        using TestServer server = new(time: new ManualTime());
        using RawClient client = server.Connect();
        byte[] frame = RawClient.Frames(1, new EchoRequest(new byte[100]));
        client.Send(frame.AsSpan(0, 10));
        server.Until(c => c.Bytes == 10);
        server.Advance(_settings.StartedFrame / 2);
        long wakeUps = server.Counters.WakeUps;
        client.Send(frame.AsSpan(10, 10));
        server.Until(c => c.WakeUps > wakeUps); // the bytes are there
        AssertEvictedAfter(server, client, _settings.StartedFrame / 2, ServerEvent.EvictedInFrame);
    }

    [FailureMode(23, "A header, then silence")]
    [Fact]
    public void Others_are_served_while_a_frame_is_waited_for()
    {
        using TestServer server = new(time: new ManualTime());
        using RawClient silent = server.Connect(), other = server.Connect();
        silent.Send(RawClient.Header(100));
        Assert.IsType<HealthReply>(other.Call(1, new HealthRequest()));
        silent.AssertQuiet();
    }

    [Fact]
    public void A_message_whose_next_frame_does_not_come_is_evicted()
    {
        using TestServer server = new(time: new ManualTime());
        using RawClient client = server.Connect();
        client.Send(RawClient.Frame(1, more: true, [1, 2, 3]));
        server.Until(c => c.Bytes == 3);
        server.Advance(_settings.UnfinishedMessage - Instant);
        client.Send(RawClient.Frame(1, more: true, [4]));
        server.Until(c => c.Bytes == 4);
        AssertEvictedAfter(server, client, _settings.UnfinishedMessage, ServerEvent.EvictedInMessage);
        server.Until(c => c is { Bytes: 0, Requests: 0 });
    }

    [Fact]
    public void A_refused_message_whose_rest_does_not_come_is_evicted()
    {
        using TestServer server = new(time: new ManualTime(), settings: _settings with { Limits = _settings.Limits with { Requests = 0 } });
        using RawClient client = server.Connect();
        client.Send(RawClient.Frame(1, more: true, [1, 2, 3]));
        Assert.Equal(ErrorCode.Busy, client.ReadError(1).Code);
        AssertEvictedAfter(server, client, _settings.UnfinishedMessage, ServerEvent.EvictedInMessage);
    }

    [Fact]
    public void A_client_that_asks_nothing_is_evicted()
    {
        using TestServer server = new(time: new ManualTime());
        using RawClient client = server.Connect();
        Assert.IsType<HealthReply>(client.Call(1, new HealthRequest()));
        AssertEvictedAfter(server, client, _settings.Idle, ServerEvent.EvictedIdle);
    }

    [Fact]
    public void A_client_is_not_idle_while_something_is_in_flight_for_it()
    {
        using TestServer server = new(time: new ManualTime());
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send(1, Requests.Prove(deadlineMs: WireLimits.MaxProveDeadlineMs));
        TestServer.Until(() => server.Prover.Proving == 1);
        server.Advance(_settings.Idle * 3);
        Assert.IsType<HealthReply>(client.Call(2, new HealthRequest()));
        server.Prover.Release();
        Assert.IsType<ProveReply>(client.ReadReply(1));
    }

    [FailureMode(24, "A client that never reads its reply")]
    [Fact]
    public void A_client_that_does_not_read_its_reply_is_evicted()
    {
        WatchedSocket? watched = null;
        using TestServer server = new(time: new ManualTime(), listen: listener => new FaultyDescriptor(
            listener, _ => Fault.None, accepted: connection => watched is null ? watched = new WatchedSocket(connection) : connection));
        using RawClient client = server.Connect();
        client.Send(RawClient.Frames(1, new EchoRequest(new byte[4 << 20])));
        AwaitStall(server, ref watched);
        server.Advance(_settings.UnreadReply - Instant);
        RoundTrip(server);
        Assert.Equal(0, server.Counters.Events[ServerEvent.EvictedUnread]);
        server.Advance(Instant);
        server.Until(c => c.Events[ServerEvent.EvictedUnread] == 1);
        server.Until(c => c is { Connections: 0, Bytes: 0, Blocks: 0 });
    }

    [FailureMode(24, "A client that never reads its reply")]
    [Fact]
    public void A_client_that_reads_slowly_is_not_evicted()
    {
        WatchedSocket? watched = null;
        using TestServer server = new(time: new ManualTime(), listen: listener => new FaultyDescriptor(
            listener, _ => Fault.None, accepted: connection => watched is null ? watched = new WatchedSocket(connection) : connection));
        using RawClient client = server.Connect();
        client.Send(RawClient.Frames(1, new EchoRequest(new byte[4 << 20])));
        byte[] some = new byte[512 * 1024];
        for (int i = 0; i < 5; i++)
        {
            AwaitStall(server, ref watched);
            server.Advance(_settings.UnreadReply - Instant);
            RoundTrip(server);
            Assert.Equal(IoStatus.Done, DescriptorIo.ReadExactly(client.Socket, some, Deadline.After(TimeSpan.FromSeconds(20))).Status);
        }

        Assert.Equal(0, server.Counters.Events[ServerEvent.EvictedUnread]);
    }

    [Fact]
    public void A_request_that_takes_longer_than_it_may_gets_deadline()
    {
        ManualTime time = new();
        using TestServer server = new(time: time);
        int timers = time.Timers;
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send(1, Requests.Prove(deadlineMs: 5000));
        TestServer.Until(() => server.Prover.Proving == 1);
        server.Advance(TimeSpan.FromMilliseconds(4999));
        Assert.Equal(1, server.Prover.Proving);
        server.Advance(Instant);
        Assert.Equal(ErrorCode.Deadline, client.ReadError(1).Code);
        Assert.Equal(0, server.Prover.Proving);
        Assert.Equal(timers, time.Timers);
    }

    // When a reply is back, the socket thread has done what it was at before.
    private static void RoundTrip(TestServer server)
    {
        using RawClient other = server.Connect();
        Assert.IsType<HealthReply>(other.Call(1, new HealthRequest()));
    }

    private static void AwaitStall(TestServer server, ref WatchedSocket? watched)
    {
        WatchedSocket socket = watched!;
        TestServer.Until(() => socket.IsFull);
        RoundTrip(server);
        socket.IsFull = false;
    }

    private static void AssertEvictedAfter(TestServer server, RawClient client, TimeSpan time, ServerEvent reason)
    {
        server.Advance(time - Instant);
        RoundTrip(server);
        client.AssertQuiet();
        server.Until(c => c.Connections == 1);
        server.Advance(Instant);
        Assert.Equal(ErrorCode.Deadline, client.ReadError(0).Code);
        client.AssertClosed();
        server.Until(c => c.Connections == 0);
        Assert.Equal(1, server.Counters.Events[reason]);
    }

    /// <summary>Tells when the kernel took no more.</summary>
    private sealed class WatchedSocket(IDescriptor inner) : IDescriptor
    {
        private volatile bool _isFull;

        public bool IsFull
        {
            get => _isFull;
            set => _isFull = value;
        }

        public int Number => inner.Number;

        public PeerAddress Peer => inner.Peer;

        public int Read(Span<byte> buffer) => inner.Read(buffer);

        public int Write(ReadOnlySpan<byte> buffer)
        {
            int outcome = inner.Write(buffer);
            _isFull |= outcome == -(int)Errno.EAGAIN;
            return outcome;
        }

        public int Accept(out IDescriptor? connection) => inner.Accept(out connection);

        public int ConnectError() => inner.ConnectError();

        public int Poll(PollEvents events, int timeoutMs) => inner.Poll(events, timeoutMs);

        public int Shutdown(ShutdownSides sides) => inner.Shutdown(sides);

        public void Dispose() => inner.Dispose();
    }
}
