using Init.Handlers;
using Init.Linux;
using Init.Sealing;
using Init.Server;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Init.Tests.Server;

/// <summary>How requests and connections end.</summary>
public sealed class LifeTests
{
    [Fact]
    public void A_small_reply_overtakes_a_large_one()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        byte[] data = new byte[16 << 20];
        client.Send(RawClient.Frames(1, new EchoRequest(data)));
        server.Until(c => c.Replies == 1);
        client.Send(2, new HealthRequest());
        Assert.IsType<HealthReply>(client.ReadReply(2));
        Assert.Equal(data.Length, ((EchoReply)client.ReadReply(1)).Data.Length);
    }

    [Fact]
    public void Replies_come_when_they_are_ready()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send(1, Requests.Prove());
        client.Send(2, new EchoRequest(new byte[3]));
        Assert.IsType<EchoReply>(client.ReadReply(2));
        server.Prover.Release();
        Assert.IsType<ProveReply>(client.ReadReply(1));
    }

    [Fact]
    public void An_id_may_be_used_again_once_it_is_answered()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        for (int i = 0; i < 2000; i++)
        {
            Assert.IsType<EchoReply>(client.Call(1, new EchoRequest(new byte[3])));
        }
    }

    [FailureMode(27, "Half-close and reset")]
    [Fact]
    public void A_client_that_ends_its_direction_gets_every_answer()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send(1, Requests.Prove());
        client.Send(RawClient.Frames(2, new EchoRequest(new byte[1 << 20])));
        client.HalfClose();
        Assert.IsType<EchoReply>(client.ReadReply(2));
        server.Prover.Release();
        Assert.IsType<ProveReply>(client.ReadReply(1));
        client.AssertClosed();
        server.Until(c => c is { Connections: 0, Bytes: 0, Requests: 0, Blocks: 0 });
        Assert.Equal(0, server.Counters.Events[ServerEvent.Vanished]);
    }

    [FailureMode(19, "The stream ends")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stream_that_ends_inside_a_frame_or_message_is_malformed(bool insideMessage)
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        client.Send(insideMessage ? RawClient.Frame(1, more: true, [1]) : RawClient.Header(5));
        client.HalfClose();
        Assert.Equal(ErrorCode.Malformed, client.ReadError(0).Code);
        client.AssertClosed();
        server.Until(c => c is { Connections: 0, Bytes: 0, Requests: 0, Blocks: 0 });
    }

    [FailureMode(19, "The stream ends")]
    [Fact]
    public void A_stream_that_ends_between_frames_is_closed_without_a_word()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        client.HalfClose();
        client.AssertClosed();
    }

    [Fact]
    public void A_client_that_vanishes_while_it_waits_gives_its_place_up()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        using RawClient first = server.Connect();
        RawClient second = server.Connect();
        first.Send(1, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        second.Send(1, Requests.Prove());
        TestServer.Until(() => server.Proofs.Proofs.Waiting == 1);
        second.Dispose();
        TestServer.Until(() => server.Proofs.Proofs.Waiting == 0);
        Assert.Equal(1, server.Prover.Proofs);
    }

    [Fact]
    public void A_client_that_ended_its_direction_and_then_vanishes_as_vsock_shows_it_frees_the_prover()
    {
        // Vsock reports no hang-up: the end of the stream, then nothing. A probe finds it.
        using TestServer server = new(listen: listener =>
            new FaultyDescriptor(listener, _ => Fault.None, accepted: connection => new WithoutHangUp(connection)));
        server.Prover.Holds = true;
        RawClient client = server.Connect();
        client.Send(1, Requests.Prove());
        client.HalfClose();
        TestServer.Until(() => server.Prover.Proving == 1);
        client.Dispose();
        TestServer.Until(() => server.Prover.Proving == 0);
        server.Until(c => c.Connections == 0);
    }

    [FailureMode(27, "Half-close and reset")]
    [Fact]
    public void A_reset_ends_what_was_in_flight()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        RawClient client = server.Connect();
        client.Send(RawClient.Frames(1, new EchoRequest(new byte[8 << 20]))); // the reply waits unread: closing resets
        client.Send(2, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        client.Dispose();
        TestServer.Until(() => server.Prover.Proving == 0);
        server.Until(c => c is { Connections: 0, Bytes: 0, Requests: 0, Blocks: 0 });
    }

    [Fact]
    public void A_running_request_can_be_cancelled()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send(1, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        client.Send(2, new CancelRequest(1));
        Message[] both = [client.Read(), client.Read()];
        Assert.True(((CancelReply)both.Single(m => m.Id == 2).Reply).Found);
        Assert.Equal(ErrorCode.Cancelled, both.Single(m => m.Id == 1).Error.Code);
        Assert.Equal(0, server.Prover.Proving);
    }

    [Fact]
    public void A_waiting_request_can_be_cancelled()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send(1, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        client.Send(2, Requests.Prove());
        TestServer.Until(() => server.Proofs.Proofs.Waiting == 1);
        client.Send(3, new CancelRequest(2));
        Assert.Equal([2ul, 3ul], new[] { client.Read().Id, client.Read().Id }.Order());
        server.Prover.Release();
        Assert.IsType<ProveReply>(client.ReadReply(1));
        Assert.Equal(1, server.Prover.Proofs);
    }

    [Fact]
    public void An_upload_can_be_cancelled()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        client.Send(RawClient.Frame(1, more: true, new byte[1000]));
        server.Until(c => c.Bytes == 1000);
        client.Send(2, new CancelRequest(1));
        Message[] both = [client.Read(), client.Read()];
        Assert.True(((CancelReply)both.Single(m => m.Id == 2).Reply).Found);
        Assert.Equal(ErrorCode.Cancelled, both.Single(m => m.Id == 1).Error.Code);
        server.Until(c => c is { Bytes: 0, Requests: 0 });
        client.Send(RawClient.Frame(1, more: false, [1]));
        Assert.IsType<EchoReply>(client.Call(1, new EchoRequest(new byte[1])));
    }

    [Fact]
    public void A_request_of_another_connection_cannot_be_cancelled()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        using RawClient client = server.Connect(), other = server.Connect();
        client.Send(1, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        Assert.False(((CancelReply)other.Call(9, new CancelRequest(1))).Found);
        Assert.Equal(1, server.Prover.Proving);
    }

    [Fact]
    public void Progress_comes_before_the_reply_and_every_second()
    {
        ManualTime time = new();
        using TestServer server = new(time: time);
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send(1, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        client.Send(2, Requests.Prove(wantsProgress: true));
        Assert.Equal(new ProgressEvent(ProgressStage.Queued, 0, 0), client.Read().Progress);
        server.Advance(TimeSpan.FromSeconds(3));
        server.Prover.Release();
        Message[] both = [client.Read(), client.Read()];
        Assert.IsType<ProveReply>(both.Single(m => m.Id == 1).Reply);
        Assert.Equal(new ProgressEvent(ProgressStage.Started, 3000, 0), both.Single(m => m.Id == 2).Progress);
        TestServer.Until(() => server.Prover.Proving == 1);
        server.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new ProgressEvent(ProgressStage.Running, 4000, 0), client.Read().Progress);
        server.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new ProgressEvent(ProgressStage.Running, 5000, 0), client.Read().Progress);
        server.Prover.Release();
        ProveReply reply = (ProveReply)client.ReadReply(2);
        Assert.Equal((3000ul, 2000ul), (reply.QueueMs, reply.ProveMs));
        server.Advance(TimeSpan.FromSeconds(5));
        Assert.IsType<HealthReply>(client.Call(3, new HealthRequest()));
    }

    [FailureMode(38, "Stop")]
    [Fact]
    public async Task A_drain_lets_what_is_in_flight_be_answered_and_takes_nothing_new()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        using RawClient client = server.Connect(), idle = server.Connect(), uploading = server.Connect();
        uploading.Send(RawClient.Frame(1, more: true, [1]));
        client.Send(1, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        server.Until(c => c.Connections == 3);
        Assert.InRange(((ShutdownReply)client.Call(2, new ShutdownRequest())).Draining, 1u, 2u);
        idle.AssertClosed();
        Assert.Equal(ErrorCode.ShuttingDown, uploading.ReadError(1).Code);
        uploading.AssertClosed();
        client.Send(3, new EchoRequest(new byte[1]));
        Assert.Equal(ErrorCode.ShuttingDown, client.ReadError(3).Code);
        Assert.False(server.Server.Drained.IsCompleted);
        server.Prover.Release();
        Assert.IsType<ProveReply>(client.ReadReply(1));
        client.AssertClosed();
        await server.Server.Drained.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Throws<LinuxException>(server.Connect);
    }

    [FailureMode(38, "Stop")]
    [Fact]
    public async Task A_drain_whose_time_is_over_cancels_what_is_left()
    {
        using TestServer server = new(time: new ManualTime());
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send(1, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        server.Server.BeginDrain(TimeSpan.FromSeconds(10));
        TestServer.Until(() => server.Server.IsDraining);
        server.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(1, server.Prover.Proving);
        server.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(ErrorCode.Cancelled, client.ReadError(1).Code);
        client.AssertClosed();
        await server.Server.Drained.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [FailureMode(38, "Stop")]
    [Fact]
    public async Task A_drain_does_not_wait_for_a_client_that_does_not_read()
    {
        using TestServer server = new(time: new ManualTime());
        using RawClient client = server.Connect();
        client.Send(RawClient.Frames(1, new EchoRequest(new byte[8 << 20])));
        server.Until(c => c.Replies == 1);
        server.Server.BeginDrain(TimeSpan.FromSeconds(10));
        TestServer.Until(() => server.Server.IsDraining);
        server.Advance(TimeSpan.FromSeconds(10));
        TestServer.Until(() => server.Server.NextDeadline == TimeSpan.FromSeconds(11));
        server.Advance(TimeSpan.FromSeconds(1));
        await server.Server.Drained.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_idle_server_drains_at_once()
    {
        using TestServer server = new();
        server.Server.BeginDrain(TimeSpan.FromSeconds(10));
        await server.Server.Drained.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_listener_that_fails_drains_the_server()
    {
        // A socket that hangs up: what epoll reports unasked must end the listener, not wake the thread for ever.
        (KernelDescriptor near, KernelDescriptor far) = UnixSocket.Pair();
        using KeyRing keys = new(new KeyRingOptions(), TimeProvider.System);
        using EnclaveServer server = new(
            near, null, new ServerSettings(), _ => new RequestRouter(new SealedRequests(keys, isRequired: false)), TimeProvider.System);
        server.Start();
        far.Dispose();
        await server.Drained.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Reads and writes go to the socket; what epoll watches is another, always readable and never hung up.</summary>
    private sealed class WithoutHangUp : IDescriptor
    {
        private readonly IDescriptor _inner;
        private readonly KernelDescriptor _watched;
        private readonly KernelDescriptor _other;

        public WithoutHangUp(IDescriptor inner)
        {
            _inner = inner;
            (_watched, _other) = UnixSocket.Pair();
            _other.Write([1]);
        }

        public int Number => _watched.Number;

        public PeerAddress Peer => _inner.Peer;

        public int Read(Span<byte> buffer) => _inner.Read(buffer);

        public int Write(ReadOnlySpan<byte> buffer) => _inner.Write(buffer);

        public int Accept(out IDescriptor? connection) => _inner.Accept(out connection);

        public int ConnectError() => _inner.ConnectError();

        public int Poll(PollEvents events, int timeoutMs) => _inner.Poll(events, timeoutMs);

        public int Shutdown(ShutdownSides sides) => _inner.Shutdown(sides);

        public void Dispose()
        {
            _inner.Dispose();
            _watched.Dispose();
            _other.Dispose();
        }
    }
}
