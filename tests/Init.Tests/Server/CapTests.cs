using Init.Linux;
using Init.Server;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Init.Tests.Server;

public sealed class CapTests
{
    private readonly ServerSettings _settings = new();

    [Fact]
    public void A_connection_too_many_is_told_so_and_closed()
    {
        using TestServer server = new(_settings with { Limits = _settings.Limits with { Connections = 2 } });
        using RawClient first = server.Connect(), second = server.Connect();
        Assert.IsType<HealthReply>(second.Call(1, new HealthRequest()));
        using (RawClient third = server.Connect())
        {
            ErrorReply error = third.ReadError(0);
            Assert.Equal(ErrorCode.Busy, error.Code);
            Assert.NotNull(error.RetryAfterMs);
            third.AssertClosed();
        }

        Assert.IsType<HealthReply>(first.Call(1, new HealthRequest()));
        second.Dispose();
        server.Until(c => c.Connections == 1);
        using RawClient fourth = server.Connect();
        Assert.IsType<HealthReply>(fourth.Call(1, new HealthRequest()));
    }

    [Fact]
    public void A_request_too_many_on_a_connection_is_busy_at_once()
    {
        using TestServer server = new(_settings with { Limits = _settings.Limits with { ConnectionRequests = 2 } });
        server.Prover.Holds = true;
        using RawClient client = server.Connect(), other = server.Connect();
        client.Send(1, Requests.Prove());
        client.Send(2, Requests.Prove());
        client.Send(3, new HealthRequest());
        ErrorReply error = client.ReadError(3);
        Assert.Equal(ErrorCode.Busy, error.Code);
        Assert.NotNull(error.RetryAfterMs);
        Assert.IsType<HealthReply>(other.Call(1, new HealthRequest()));
    }

    [Fact]
    public void A_request_too_many_in_all_is_busy_at_once_but_not_one_that_asks_how_the_enclave_is()
    {
        using TestServer server = new(_settings with { Limits = _settings.Limits with { Requests = 2 } });
        server.Prover.Holds = true;
        using RawClient client = server.Connect(), other = server.Connect();
        client.Send(1, Requests.Prove());
        client.Send(RawClient.Frame(2, more: true, [1]));
        server.Until(c => c.Requests == 2);
        other.Send(1, new EchoRequest(new byte[1]));
        Assert.Equal(ErrorCode.Busy, other.ReadError(1).Code);
        Assert.IsType<HealthReply>(other.Call(2, new HealthRequest()));
        Assert.IsType<HelloReply>(other.Call(3, new HelloRequest(1, 1)));
        client.Send(3, new CancelRequest(2));
        server.Until(c => c.Requests == 1);
        Assert.IsType<EchoReply>(other.Call(4, new EchoRequest(new byte[1])));
    }

    [Fact]
    public void Bytes_too_many_in_all_are_busy_at_once_and_the_rest_is_swallowed()
    {
        const int cap = 1 << 20;
        using TestServer server = new(_settings with { Limits = _settings.Limits with { BytesInFlight = cap } });
        using RawClient client = server.Connect(), other = server.Connect();
        client.Send(RawClient.Frame(1, more: true, new byte[cap - 100]));
        server.Until(c => c.Bytes == cap - 100);
        other.Send(RawClient.Frame(1, more: true, new byte[200]));
        Assert.Equal(ErrorCode.Busy, other.ReadError(1).Code);
        other.Send(RawClient.Frame(1, more: false, new byte[10]));
        Assert.IsType<HealthReply>(other.Call(1, new HealthRequest()));
        client.Dispose();
        server.Until(c => c is { Bytes: 0, Requests: 0 });
        Assert.IsType<EchoReply>(other.Call(2, new EchoRequest(new byte[1000])));
    }

    [Fact]
    public void Beginnings_of_frames_count_too()
    {
        const int cap = 100_000;
        using TestServer server = new(_settings with { Limits = _settings.Limits with { BytesInFlight = cap } });
        using RawClient client = server.Connect();
        byte[] frame = RawClient.Frame(1, more: false, new byte[2 * cap]);
        client.TrySend(frame.AsSpan(0, frame.Length - 1));
        Assert.Equal(ErrorCode.Busy, client.ReadError(0).Code);
        client.AssertClosed();
        server.Until(c => c.Bytes == 0);
    }

    [Fact]
    public void Too_many_refused_messages_that_go_on_end_the_connection()
    {
        using TestServer server = new(_settings with { Limits = _settings.Limits with { Requests = 0 }, SwallowedMessages = 3 });
        using RawClient client = server.Connect();
        for (ulong id = 1; id <= 4; id++)
        {
            client.Send(RawClient.Frame(id, more: true, [1]));
        }

        Assert.Equal(
            [(1ul, ErrorCode.Busy), (2ul, ErrorCode.Busy), (3ul, ErrorCode.Busy), (4ul, ErrorCode.Busy), (0ul, ErrorCode.Malformed)],
            Enumerable.Range(0, 5).Select(_ => client.Read()).Select(m => (m.Id, m.Error.Code)));
        client.AssertClosed();
    }

    [FailureMode(24, "A client that never reads its reply")]
    [Fact]
    public void A_client_that_asks_and_does_not_read_is_not_read_either()
    {
        // Every request is refused; were they all read, the refusals would pile up in memory.
        using TestServer server = new(_settings with { Limits = _settings.Limits with { ConnectionRequests = 0 } });
        using RawClient client = server.Connect();
        byte[] frame = RawClient.Frames(1, new HealthRequest());
        byte[] many = [.. Enumerable.Repeat(frame, 1000).SelectMany(f => f)];
        int sent = 0;
        while (DescriptorIo.WriteAll(client.Socket, many, Deadline.After(TimeSpan.FromMilliseconds(500))).IsDone)
        {
            sent += 1000;
            Assert.InRange(sent, 0, 200_000);
        }

        Assert.InRange(server.Counters.MostQueued, 1, _settings.QueuedAnswers + 1);
        long refused = server.Counters.Errors[ErrorCode.Busy];
        while (server.Counters.Errors[ErrorCode.Busy] == refused)
        {
            Assert.Equal(ErrorCode.Busy, client.Read().Error.Code); // reading lets it go on
        }
    }

    [FailureMode(29, "No descriptors at accept")]
    [Fact]
    public void Without_descriptors_accepting_pauses_and_goes_on_later()
    {
        ManualTime time = new();
        FaultScript script = new FaultScript().Storm(DescriptorCall.Accept, Errno.EMFILE, 1);
        using TestServer server = new(time: time, listen: listener => new FaultyDescriptor(listener, script.Next));
        using RawClient turnedAway = server.Connect();
        Assert.Equal(ErrorCode.Busy, turnedAway.ReadError(0).Code);
        turnedAway.AssertClosed();
        using RawClient client = server.Connect();
        client.Send(1, new HealthRequest());
        TestServer.Until(() => server.Server.NextDeadline == _settings.AcceptPause);
        for (int i = 0; i < 5; i++)
        {
            long wakeUps = server.Counters.WakeUps;
            server.Server.Wake();
            server.Until(c => c.WakeUps > wakeUps); // the listener is ready all the time
        }

        Assert.Equal(0, server.Counters.Events[ServerEvent.Accepted]);
        server.Advance(_settings.AcceptPause);
        Assert.IsType<HealthReply>(client.ReadReply(1));
    }

    [FailureMode(29, "No descriptors at accept")]
    [Theory]
    [InlineData(Errno.ENFILE)]
    [InlineData(Errno.ENOMEM)]
    [InlineData(Errno.ENOBUFS)]
    [InlineData(Errno.ECONNABORTED)]
    [InlineData(Errno.EINTR)]
    public void Whatever_accepting_fails_with_the_server_lives(Errno errno)
    {
        FaultScript script = new FaultScript().Storm(DescriptorCall.Accept, errno, 10);
        using TestServer server = new(listen: listener => new FaultyDescriptor(listener, script.Next));
        using RawClient client = server.Connect();
        Assert.IsType<HealthReply>(client.Call(1, new HealthRequest()));
    }

    [Theory]
    [InlineData(3u, true)]
    [InlineData(2u, false)]
    [InlineData(4u, false)]
    public void Only_the_parents_cid_is_served(uint cid, bool isServed)
    {
        using TestServer server = new(
            parentCid: 3, listen: listener => new FaultyDescriptor(listener, _ => Fault.None, accepted: c => new VsockLike(c, cid)));
        using RawClient client = server.Connect();
        if (isServed)
        {
            Assert.IsType<HealthReply>(client.Call(1, new HealthRequest()));
        }
        else
        {
            client.AssertClosed();
            Assert.Equal(1, server.Counters.Events[ServerEvent.Stranger]);
        }
    }

    private sealed class VsockLike(IDescriptor inner, uint cid) : IDescriptor
    {
        public int Number => inner.Number;

        public PeerAddress Peer => new(cid, 1234);

        public int Read(Span<byte> buffer) => inner.Read(buffer);

        public int Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

        public int Accept(out IDescriptor? connection) => inner.Accept(out connection);

        public int ConnectError() => inner.ConnectError();

        public int Poll(PollEvents events, int timeoutMs) => inner.Poll(events, timeoutMs);

        public int Shutdown(ShutdownSides sides) => inner.Shutdown(sides);

        public void Dispose() => inner.Dispose();
    }
}
