using Init.Linux;
using Init.Server;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.Server;

/// <summary>Short requests that are answered where they are read.</summary>
public sealed class PromptAnswerTests
{
    private static readonly byte[] Data = [1, 2, 3, 4, 5];

    private static byte[] TenEchoes => [.. Enumerable.Range(1, 10).SelectMany(id => RawClient.Frames((ulong)id, new EchoRequest(Data)))];

    public static TheoryData<Fault> WhatAWriteDoes => [Fault.AtMost(1), Fault.AtMost(40), Fault.Fails(Errno.EAGAIN), Fault.Fails(Errno.EINTR), Fault.None];

    [Theory]
    [MemberData(nameof(WhatAWriteDoes))]
    public void Answers_arrive_whole_and_once_whatever_the_first_writes_do(Fault first)
    {
        FaultScript script = new FaultScript().On(DescriptorCall.Write, Enumerable.Repeat(first, 7));
        using TestServer server = Serving(script.Next);
        using RawClient client = server.Connect();
        client.Send(TenEchoes);
        Assert.All(Enumerable.Range(1, 10), id => Assert.Equal(Data, ((EchoReply)client.ReadReply((ulong)id)).Data.ToArray()));
        Assert.Equal(Data, ((EchoReply)client.Call(11, new EchoRequest(Data))).Data.ToArray());
        Assert.Equal(11, server.Counters.Replies);
        server.Until(c => c is { Bytes: 0, Requests: 0, Blocks: 0 });
    }

    [Theory]
    [InlineData(Errno.EPIPE)]
    [InlineData(Errno.ECONNRESET)]
    [InlineData(Errno.EBADF)]
    public void A_socket_that_fails_while_they_are_written_is_closed_and_the_next_client_gets_none_of_them(Errno errno)
    {
        FaultScript script = new FaultScript().On(DescriptorCall.Write, Fault.Fails(errno));
        using TestServer server = Serving(script.Next);
        using RawClient client = server.Connect(), other = server.Connect();
        client.Send(TenEchoes);
        client.AssertClosed();
        Assert.IsType<EchoReply>(other.Call(99, new EchoRequest(Data)));
        server.Until(c => c is { Connections: 1, Bytes: 0, Requests: 0, Blocks: 0 });
    }

    [Fact]
    public void A_bug_in_what_follows_costs_neither_those_answers_nor_anybody_else()
    {
        string path = Path.Combine(Path.GetTempPath(), $"init-{Environment.ProcessId}-{Guid.NewGuid():N}.sock");
        using EnclaveServer server = new(UnixSocket.Listen(path, 10), null, new ServerSettings(), _ => new PromptRouter(), TimeProvider.System);
        server.Start();
        using RawClient client = new(UnixSocket.Connect(path, TimeSpan.FromSeconds(20)));
        using RawClient other = new(UnixSocket.Connect(path, TimeSpan.FromSeconds(20)));
        client.Send([.. RawClient.Frame(1, more: false, [1]), .. RawClient.Frame(2, more: false, [0])]);
        Assert.Equal([1], client.Read().Body);
        client.AssertClosed();
        other.Send(RawClient.Frame(3, more: false, [3]));
        Message answer = other.Read();
        Assert.Equal((3ul, 3), (answer.Id, answer.Body.Single()));
        Assert.Equal(1, server.Counters.Events[ServerEvent.Fault]);
        File.Delete(path);
    }

    [Fact]
    public void A_frame_that_is_wrong_after_good_ones_ends_the_connection_when_they_are_answered()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        client.Send([.. TenEchoes, .. RawClient.Header(0)]);
        Assert.All(Enumerable.Range(1, 10), id => Assert.IsType<EchoReply>(client.ReadReply((ulong)id)));
        Assert.Equal(ErrorCode.Malformed, client.ReadError(0).Code);
        client.AssertClosed();
    }

    [Fact]
    public void The_cap_on_bytes_holds_for_them()
    {
        const int cap = 1 << 20;
        ServerSettings settings = new();
        using TestServer server = new(settings with { Limits = settings.Limits with { BytesInFlight = cap } });
        using RawClient client = server.Connect(), other = server.Connect();
        client.Send(RawClient.Frame(1, more: true, new byte[cap - 100]));
        server.Until(c => c.Bytes == cap - 100);
        Assert.IsType<EchoReply>(other.Call(1, new EchoRequest(new byte[50])));
        other.Send(2, new EchoRequest(new byte[200]));
        Assert.Equal(ErrorCode.Busy, other.ReadError(2).Code);
    }

    [Fact]
    public void A_client_that_does_not_read_them_is_not_read_either()
    {
        ServerSettings settings = new();
        using TestServer server = new();
        using RawClient client = server.Connect();
        byte[] many = [.. Enumerable.Repeat(RawClient.Frames(1, new EchoRequest(new byte[500])), 500).SelectMany(f => f)];
        int sent = 0;
        IoResult result;
        do
        {
            result = DescriptorIo.WriteAll(client.Socket, many, Deadline.After(TimeSpan.FromMilliseconds(500)));
            sent += result.Count;
            Assert.InRange(sent, 0, 200 * many.Length);
        }
        while (result.IsDone);

        Assert.InRange(server.Counters.MostQueued, 0, settings.QueuedAnswers + 1);
    }

    [Fact]
    public void While_something_is_in_flight_they_wait_their_turn_and_an_id_in_use_is_found()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send([.. RawClient.Frames(1, Requests.Prove()), .. RawClient.Frames(2, new EchoRequest(Data)), .. RawClient.Frames(1, new EchoRequest(Data))]);
        List<Message> answers = [client.Read(), client.Read()];
        Assert.Equal([0ul, 2ul], answers.Select(a => a.Id).Order());
        Assert.Equal(ErrorCode.Malformed, answers.Single(a => a.Id == 0).Error.Code);
        client.AssertClosed();
    }

    private static TestServer Serving(Func<DescriptorCall, Fault> next) => new(listen: listener => new FaultyDescriptor(
        listener, _ => Fault.None, accepted: connection => new FaultyDescriptor(connection, next)));

    /// <summary>Answers a message with itself, at once; if it is 0, has a fault.</summary>
    private sealed class PromptRouter : IRequestRouter
    {
        public bool IsLight(ReadOnlySpan<byte> message) => false;

        public bool IsImmediate(ReadOnlySpan<byte> message) => true;

        public int AnswerAtOnce(ReadOnlySpan<byte> message, Span<byte> reply)
        {
            message.CopyTo(reply);
            return message[0] == 0 ? 0 : message.Length;
        }

        public ValueTask<Answer> AnswerAsync(Memory<byte> message, IRequestContext context) => throw new InvalidOperationException("a bug");

        public ReadOnlyMemory<byte> EncodeError(RequestException error) => ReplyCodec.Encode(ErrorReply.Of(error.Code, error.Message));
    }
}
