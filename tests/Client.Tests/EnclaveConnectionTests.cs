using Init.Wire;

namespace Init.Client.Tests;

public sealed class EnclaveConnectionTests
{
    private static readonly EnclaveClientOptions PlainOnce = new() { Insecure = true, RetryFor = TimeSpan.Zero, MaxConnections = 1 };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Answers_may_come_in_any_order_and_in_pieces()
    {
        using Peer peer = new();
        using EnclaveClient client = EnclaveClient.Open(peer.Address, Patience, PlainOnce);
        Task<EchoReply> first = client.EchoAsync(new byte[] { 1 });
        (ulong firstId, _) = peer.ReadRequest();
        Task<EchoReply> second = client.EchoAsync(new byte[] { 2 });
        (ulong secondId, _) = peer.ReadRequest();

        peer.Reply(secondId, new EchoReply(new byte[] { 2, 2, 2 }), pieceBytes: 2);
        peer.Reply(firstId, new EchoReply(new byte[] { 1 }));

        Assert.Equal([2, 2, 2], (await second.WaitAsync(Patience)).Data.ToArray());
        Assert.Equal([1], (await first.WaitAsync(Patience)).Data.ToArray());
    }

    [Fact]
    public async Task A_large_request_lets_a_small_one_pass()
    {
        using Peer peer = new();
        using EnclaveClient client = EnclaveClient.Open(peer.Address, Patience, PlainOnce);
        Task<EchoReply> large = client.EchoAsync(new byte[32 << 20]);
        Assert.True(peer.ReadFrame().More); // the upload is under way: the socket holds far less than it
        Task<HealthReply> small = client.HealthAsync();

        ulong largeId = 0, smallId = 0;
        while (smallId == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5)); // a slow reader: the small request has time to be there before the large one is gone
            Peer.ReceivedFrame frame = peer.ReadFrame();
            Assert.True(frame.More || frame.Id != 1, "the upload ended first");
            (largeId, smallId) = frame.More ? (frame.Id, smallId) : (largeId, frame.Id);
        }

        Assert.NotEqual(largeId, smallId);
        peer.Close();
        await Assert.ThrowsAsync<ClientException>(() => large.WaitAsync(Patience));
        await Assert.ThrowsAsync<ClientException>(() => small.WaitAsync(Patience));
    }

    [Fact]
    public async Task What_is_being_sent_when_the_connection_is_closed_fails_as_lost_and_in_no_other_way()
    {
        for (int round = 0; round < 300; round++)
        {
            using Peer peer = new();
            EnclaveConnection connection = EnclaveConnection.Open(peer.Address, Patience);
            Task<Reply>[] calls = [.. Enumerable.Range(0, 8).Select(i => connection.SendAsync(new EchoRequest(new byte[i * 10_000])))];
            Thread.SpinWait(round * 100);
            connection.Dispose();
            foreach (Task<Reply> call in calls)
            {
                ClientException lost = await Assert.ThrowsAsync<ClientException>(() => call.WaitAsync(Patience));
                Assert.Equal(ClientError.ConnectionLost, lost.Error);
            }
        }
    }

    [Fact]
    public async Task An_error_becomes_an_exception_that_carries_it()
    {
        using Peer peer = new();
        using EnclaveClient client = EnclaveClient.Open(peer.Address, Patience, PlainOnce);
        Task<EchoReply> call = client.EchoAsync(new byte[] { 1 });
        peer.Send(peer.ReadRequest().Id, FrameKind.Error, ReplyCodec.Encode(ErrorReply.Of(ErrorCode.Busy, "full", 250)));

        ClientException exception = await Assert.ThrowsAsync<ClientException>(() => call.WaitAsync(Patience));
        Assert.Equal(ClientError.Refused, exception.Error);
        Assert.Equal(new ErrorReply(ErrorCode.Busy, "full", 250), exception.Reply);
    }

    [Fact]
    public async Task Progress_precedes_the_answer()
    {
        using Peer peer = new();
        using EnclaveClient client = EnclaveClient.Open(peer.Address, Patience, PlainOnce);
        Collected progress = new();
        ProveRequest request = new() { Circuit = new CircuitSource.InlineCircuit(new byte[] { 1 }), Witness = new byte[] { 2 }, Settings = new ProveSettings() };
        Task<ProveReply> call = client.ProveAsync(request, progress);
        ulong id = peer.ReadRequest().Id;
        peer.Send(id, FrameKind.Progress, ReplyCodec.Encode(new ProgressEvent(ProgressStage.Queued, 1, 3)), pieceBytes: 1);
        peer.Send(id, FrameKind.Progress, ReplyCodec.Encode(new ProgressEvent(ProgressStage.Started, 2, 0)));
        peer.Reply(id, new ProveReply(new byte[] { 1 }, new byte[] { 2 }, new byte[] { 3 }, default, 1, 2));

        await call.WaitAsync(Patience);
        Assert.Equal([ProgressStage.Queued, ProgressStage.Started], progress.Stages);
    }

    [Fact]
    public async Task A_call_that_is_given_up_is_cancelled_in_the_enclave()
    {
        using Peer peer = new();
        using EnclaveClient client = EnclaveClient.Open(peer.Address, Patience, PlainOnce);
        using CancellationTokenSource cancellation = new();
        Task<EchoReply> call = client.EchoAsync(new byte[] { 1 }, cancellation.Token);
        ulong id = peer.ReadRequest().Id;
        await cancellation.CancelAsync();

        Assert.Equal(new CancelRequest(id), peer.ReadRequest().Request);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
    }

    [Theory]
    [InlineData("00000000")] // a frame of no length
    [InlineData("0000000100000000ff")] // a wrong checksum
    [InlineData("ffffffff")]
    public async Task A_peer_that_breaks_the_framing_ends_the_connection(string hex)
    {
        using Peer peer = new();
        using EnclaveClient client = EnclaveClient.Open(peer.Address, Patience, PlainOnce);
        Task<HealthReply> call = client.HealthAsync();
        peer.ReadRequest();
        peer.SendBytes(Convert.FromHexString(hex));

        ClientException exception = await Assert.ThrowsAsync<ClientException>(() => call.WaitAsync(Patience));
        Assert.Equal(ClientError.Protocol, exception.Error);
    }

    [Fact]
    public async Task An_answer_to_another_question_ends_the_connection()
    {
        using Peer peer = new();
        using EnclaveClient client = EnclaveClient.Open(peer.Address, Patience, PlainOnce);
        Task<HealthReply> call = client.HealthAsync();
        peer.Reply(peer.ReadRequest().Id, new VerifyReply(true));

        Assert.Equal(ClientError.Protocol, (await Assert.ThrowsAsync<ClientException>(() => call.WaitAsync(Patience))).Error);
    }

    [Fact]
    public async Task A_connection_that_ends_fails_what_is_under_way_and_what_comes_later()
    {
        using Peer peer = new();
        using EnclaveConnection connection = EnclaveConnection.Open(peer.Address, Patience);
        Task<Reply> call = connection.SendAsync(new HealthRequest());
        peer.ReadRequest();
        peer.Close();

        Assert.Equal(ClientError.ConnectionLost, (await Assert.ThrowsAsync<ClientException>(() => call.WaitAsync(Patience))).Error);
        Task<Reply> later = connection.SendAsync(new HealthRequest());
        Assert.Equal(ClientError.ConnectionLost, (await Assert.ThrowsAsync<ClientException>(() => later.WaitAsync(Patience))).Error);
    }

    [Fact]
    public async Task An_error_of_the_connection_is_what_calls_fail_with()
    {
        using Peer peer = new();
        using EnclaveClient client = EnclaveClient.Open(peer.Address, Patience, PlainOnce);
        Task<HealthReply> call = client.HealthAsync();
        peer.ReadRequest();
        peer.Send(0, FrameKind.Error, ReplyCodec.Encode(ErrorReply.Of(ErrorCode.Busy, "too many connections", 100)));

        Assert.Equal(ErrorCode.Busy, (await Assert.ThrowsAsync<ClientException>(() => call.WaitAsync(Patience))).Reply?.Code);
    }

    [Fact]
    public void Nobody_at_the_address_is_said()
    {
        EnclaveAddress address = EnclaveAddress.Parse("unix:/nonexistent/socket");
        Assert.Equal(ClientError.Unreachable, Assert.Throws<ClientException>(() => EnclaveClient.Open(address, Patience)).Error);
    }

    private sealed class Collected : IProgress<ProgressEvent>
    {
        public List<ProgressStage> Stages { get; } = [];

        public void Report(ProgressEvent value) => Stages.Add(value.Stage);
    }
}
