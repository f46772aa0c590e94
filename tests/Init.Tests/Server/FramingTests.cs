using Init.Linux;
using Init.Server;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Init.Tests.Server;

public sealed class FramingTests
{
    private static readonly byte[] Data = [1, 2, 3, 4, 5];

    [FailureMode(30, "A frame split at every byte")]
    [Fact]
    public void A_frame_split_at_any_byte_is_answered()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        byte[] frame = RawClient.Frames(1, new EchoRequest(Data));
        for (int split = 1; split < frame.Length; split++)
        {
            client.Send(frame.AsSpan(0, split));
            server.Until(c => c.Bytes == split);
            client.AssertQuiet();
            client.Send(frame.AsSpan(split));
            Assert.Equal(Data, ((EchoReply)client.ReadReply(1)).Data.ToArray());
            server.Until(c => c.Bytes == 0);
        }
    }

    [FailureMode(30, "A frame split at every byte")]
    [Fact]
    public void Several_frames_in_one_write_are_all_answered()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        client.Send([.. Enumerable.Range(1, 10).SelectMany(id => RawClient.Frames((ulong)id, new EchoRequest(Data)))]);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (ulong)i), Enumerable.Range(1, 10).Select(_ => client.Read().Id).Order());
    }

    [Fact]
    public void Answers_that_are_ready_together_go_in_one_write()
    {
        int writes = 0;
        using TestServer server = new(listen: listener => new FaultyDescriptor(
            listener, _ => Fault.None, accepted: connection => new FaultyDescriptor(connection, call =>
            {
                Interlocked.Add(ref writes, call == DescriptorCall.Write ? 1 : 0);
                return Fault.None;
            })));
        using RawClient client = server.Connect();

        // Where the requests are parsed, and so whether all answers are ready at once, is the scheduler's choice now and then.
        Assert.Contains(Enumerable.Range(0, 20), _ =>
        {
            Assert.IsType<EchoReply>(client.Call(99, new EchoRequest(Data)));
            int before = Volatile.Read(ref writes);
            client.Send([.. Enumerable.Range(1, 10).SelectMany(id => RawClient.Frames((ulong)id, new EchoRequest(Data)))]);
            Assert.All(Enumerable.Range(1, 10), id => Assert.IsType<EchoReply>(client.ReadReply((ulong)id)));
            return Volatile.Read(ref writes) == before + 1;
        });
    }

    [Fact]
    public void Frames_of_several_messages_may_come_in_any_order()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        byte[] first = RequestCodec.Encode(new EchoRequest(Data)), second = RequestCodec.Encode(new EchoRequest(new byte[100]));
        client.Send(RawClient.Frame(1, more: true, first[..3]));
        client.Send(RawClient.Frame(2, more: true, second[..50]));
        client.Send(RawClient.Frame(1, more: false, first[3..]));
        Assert.Equal(Data, ((EchoReply)client.ReadReply(1)).Data.ToArray());
        client.Send(RawClient.Frame(2, more: false, second[50..]));
        Assert.Equal(100, ((EchoReply)client.ReadReply(2)).Data.Length);
    }

    [Fact]
    public void The_longest_frame_is_taken()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        const ulong id = ulong.MaxValue; // the longest envelope
        byte[] data = new byte[WireLimits.MaxFramePayloadBytes - 10];
        new Random(1).NextBytes(data);
        byte[] frame = RawClient.Frames(id, new EchoRequest(data));
        Assert.Equal(WireLimits.FrameHeaderBytes + WireLimits.MaxFrameBodyBytes, frame.Length);
        client.Send(frame);
        Assert.Equal(data, ((EchoReply)client.ReadReply(id)).Data.ToArray());
    }

    [FailureMode(22, "Lengths at their extremes")]
    [Theory]
    [InlineData(0u, ErrorCode.Malformed)]
    [InlineData(WireLimits.MaxFrameBodyBytes + 1u, ErrorCode.TooLarge)]
    [InlineData(0x8000_0000u, ErrorCode.TooLarge)]
    [InlineData(0xFFFF_FFFFu, ErrorCode.TooLarge)]
    public void A_length_out_of_bounds_ends_the_connection_with_an_error(uint length, ErrorCode expected)
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        client.Send(RawClient.Header(length));
        Assert.Equal(expected, client.ReadError(0).Code);
        client.AssertClosed();
        server.Until(c => c is { Connections: 0, Bytes: 0, Blocks: 0 });
        Assert.Equal(1, server.Counters.Events[ServerEvent.Malformed]);
    }

    [FailureMode(26, "Large writes")]
    [Fact]
    public void A_wrong_checksum_ends_the_connection_with_an_error()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        byte[] frame = RawClient.Frames(1, new EchoRequest(Data));
        frame[^1] ^= 1;
        client.Send(frame);
        Assert.Equal(ErrorCode.Malformed, client.ReadError(0).Code);
        client.AssertClosed();
    }

    [Theory]
    [InlineData(1ul, FrameKind.Reply)]
    [InlineData(1ul, FrameKind.Progress)]
    [InlineData(1ul, FrameKind.Error)]
    [InlineData(0ul, FrameKind.Error)]
    public void A_frame_that_only_a_server_sends_ends_the_connection(ulong id, FrameKind kind)
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        client.Send(RawClient.Frame(id, more: false, [0], kind));
        Assert.Equal(ErrorCode.Malformed, client.ReadError(0).Code);
        client.AssertClosed();
    }

    [Fact]
    public void An_id_in_use_ends_the_connection()
    {
        using TestServer server = new();
        server.Prover.Holds = true;
        using RawClient client = server.Connect();
        client.Send(5, Requests.Prove());
        TestServer.Until(() => server.Prover.Proving == 1);
        client.Send(5, new EchoRequest(Data));
        Assert.Equal(ErrorCode.Malformed, client.ReadError(0).Code);
        client.AssertClosed();
        TestServer.Until(() => server.Prover.Proving == 0);
    }

    [Fact]
    public void A_message_that_is_no_request_is_answered_and_the_connection_goes_on()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        client.Send(RawClient.Frame(1, more: false, [0xFF, 0x00]));
        Assert.Equal(ErrorCode.Malformed, client.ReadError(1).Code);
        Assert.IsType<HealthReply>(client.Call(1, new HealthRequest()));
    }

    [FailureMode(22, "Lengths at their extremes")]
    [Fact]
    public void A_message_over_the_limit_is_refused_at_once_and_the_rest_of_it_swallowed()
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        byte[] payload = new byte[WireLimits.MaxFramePayloadBytes];
        byte[] frame = RawClient.Frame(9, more: true, payload);
        for (long sent = 0; sent <= WireLimits.MaxMessageBytes; sent += payload.Length)
        {
            client.Send(frame);
        }

        Assert.Equal(ErrorCode.TooLarge, client.ReadError(9).Code);
        server.Until(c => c is { Bytes: 0, Requests: 0 });
        client.Send(frame);
        client.Send(RawClient.Frame(9, more: false, payload));
        Assert.IsType<EchoReply>(client.Call(9, new EchoRequest(Data)));
    }

    [FailureMode(20, "Minus one, zero and short")]
    [Fact]
    public void What_a_read_or_a_write_may_do_instead_changes_nothing()
    {
        // Every sequence of four outcomes of the first reads and writes, the rest as they come.
        Choices choices = new(depth: 4);
        Fault[] faults = [Fault.None, Fault.AtMost(1), Fault.Fails(Errno.EINTR), Fault.Fails(Errno.EAGAIN)];
        using TestServer server = new(listen: listener => new FaultyDescriptor(
            listener, _ => Fault.None, accepted: connection => new FaultyDescriptor(connection, call =>
                call is DescriptorCall.Read or DescriptorCall.Write ? Next(choices, faults) : Fault.None)));
        do
        {
            using RawClient client = server.Connect();
            Assert.Equal(Data, ((EchoReply)client.Call(1, new EchoRequest(Data))).Data.ToArray());
        }
        while (MoveNext(choices));
    }

    [FailureMode(20, "Minus one, zero and short")]
    [Theory]
    [InlineData(DescriptorCall.Read, Errno.ECONNRESET)]
    [InlineData(DescriptorCall.Read, Errno.ENOMEM)]
    [InlineData(DescriptorCall.Read, Errno.ETIMEDOUT)]
    [InlineData(DescriptorCall.Write, Errno.EPIPE)]
    [InlineData(DescriptorCall.Write, Errno.ENOBUFS)]
    public void A_socket_that_fails_is_closed_and_nothing_is_left_of_it(DescriptorCall call, Errno errno)
    {
        using TestServer server = new(listen: listener => new FaultyDescriptor(
            listener, _ => Fault.None, accepted: connection => new FaultyDescriptor(connection, new FaultScript().On(call, Fault.Fails(errno)).Next)));
        using RawClient client = server.Connect();
        client.Send(1, new EchoRequest(Data));
        client.AssertClosed();
        server.Until(c => c is { Connections: 0, Bytes: 0, Requests: 0, Blocks: 0 });
    }

    [Fact]
    public void A_socket_that_fails_while_an_answer_is_written_leaves_no_block_behind()
    {
        // Whether the socket's end or the writer's next look comes first is the scheduler's choice: many try both.
        using TestServer server = new(listen: listener => new FaultyDescriptor(
            listener, _ => Fault.None, accepted: connection => new FaultyDescriptor(connection, call =>
                call == DescriptorCall.Write ? Fault.Fails(Errno.EPIPE) : Fault.None)));
        for (int i = 0; i < 2_000; i++)
        {
            using RawClient client = server.Connect();
            client.Send(1, new EchoRequest(Data));
            client.AssertClosed();
        }

        server.Until(c => c is { Connections: 0, Bytes: 0, Requests: 0, Blocks: 0 });
    }

    private static Fault Next(Choices choices, Fault[] faults)
    {
        lock (choices)
        {
            return faults[choices.Next(faults.Length)];
        }
    }

    private static bool MoveNext(Choices choices)
    {
        lock (choices)
        {
            return choices.MoveNext();
        }
    }
}
