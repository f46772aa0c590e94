using Init.Linux;
using Init.Server;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.Server;

/// <summary>Frames that are received straight into the memory of their message.</summary>
public sealed class LargeFrameTests
{
    private const int DataBytes = 200_000;

    private static readonly byte[] Data = RandomBytes(DataBytes);
    private static readonly byte[] Frame = RawClient.Frames(1, new EchoRequest(Data));

    /// <summary>Around everything at which memory is changed or something becomes known: length, header, envelope, blocks, the end.</summary>
    public static TheoryData<int> Splits =>
    [
        .. new[] { 1, 4, 8, 12, 17, 25, ClearingMemoryPool.SmallBlockBytes, ClearingMemoryPool.BlockBytes, 65_536, 131_072, Frame.Length - 1 }
            .SelectMany(at => new[] { at - 1, at, at + 1 }).Where(at => at > 0 && at < Frame.Length).Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Splits))]
    public void A_large_frame_split_anywhere_is_counted_as_it_comes_and_answered(int split)
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        client.Send(Frame.AsSpan(0, split));
        server.Until(c => c.Bytes == split);
        client.Send(Frame.AsSpan(split));
        Assert.Equal(Data, ((EchoReply)client.ReadReply(1)).Data.ToArray());
        server.Until(c => c is { Bytes: 0, Requests: 0, Blocks: 0 });
    }

    [Fact]
    public void Large_frames_that_follow_each_other_are_all_answered_whatever_a_read_brings()
    {
        int reads = 0;
        using TestServer server = new(listen: listener => new FaultyDescriptor(
            listener, _ => Fault.None, accepted: connection => new FaultyDescriptor(connection, call =>
                call == DescriptorCall.Read ? Fault.AtMost(1 + (Interlocked.Increment(ref reads) * 7919 % 50_000)) : Fault.None)));
        using RawClient client = server.Connect();
        int[] lengths = [70_000, 10, DataBytes, 3_000, 40_000, 5_000, 100_000, 1];
        client.Send([.. lengths.SelectMany((length, i) => RawClient.Frames((ulong)i + 1, new EchoRequest(Data.AsMemory(0, length))))]);
        Message[] answers = [.. lengths.Select(_ => client.Read()).OrderBy(answer => answer.Id)];
        Assert.Equal(lengths.Select(length => Data[..length]), answers.Select(answer => ((EchoReply)answer.Reply).Data.ToArray()));
        server.Until(c => c is { Bytes: 0, Requests: 0, Blocks: 0 });
    }

    // A frame of a reply ends where the request's checksum was kept: around those places, and with frames of ours that are much shorter.
    [Theory]
    [InlineData(114_663)]
    [InlineData(50_000)]
    [InlineData(16)]
    [InlineData(30)]
    public void A_large_echo_comes_back_in_frames_whose_checksums_are_right(int framePayloadBytes)
    {
        using TestServer server = new(new ServerSettings { FramePayloadBytes = framePayloadBytes });
        using RawClient client = server.Connect();
        int start = Frame.Length - DataBytes;
        int[] lengths = framePayloadBytes < 1000
            ? [40_000]
            : [.. Enumerable.Range(-3, 7).SelectMany(off => new[] { framePayloadBytes - start + off, (3 * framePayloadBytes) - start + off }), 1_000_000];
        foreach (int length in lengths.Where(length => length > ClearingMemoryPool.BlockBytes))
        {
            byte[] data = RandomBytes(length);
            client.Send(1, new EchoRequest(data));
            Assert.True(((EchoReply)client.ReadReply(1)).Data.Span.SequenceEqual(data));
        }
    }

    [Fact]
    public void What_changes_bytes_between_their_coming_and_their_going_is_found_by_who_receives_them()
    {
        string path = Path.Combine(Path.GetTempPath(), $"init-{Environment.ProcessId}-{Guid.NewGuid():N}.sock");
        using EnclaveServer server = new(UnixSocket.Listen(path, 10), null, new ServerSettings(), _ => new ChangingRouter(), TimeProvider.System);
        server.Start();
        using RawClient client = new(UnixSocket.Connect(path, TimeSpan.FromSeconds(20)));
        client.Send(RawClient.Frame(1, more: false, Data));
        Assert.Equal(WireError.Checksum, Assert.Throws<WireException>(() => client.Read()).Error);
        File.Delete(path);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(100_000)]
    [InlineData(-1)]
    public void A_large_frame_with_a_wrong_byte_ends_the_connection(int at)
    {
        using TestServer server = new();
        using RawClient client = server.Connect();
        byte[] wrong = [.. Frame];
        wrong[at < 0 ? wrong.Length + at : at] ^= 1;
        client.Send(wrong);
        Assert.Equal(ErrorCode.Malformed, client.ReadError(0).Code);
        client.AssertClosed();
        server.Until(c => c is { Connections: 0, Bytes: 0, Requests: 0, Blocks: 0 });
    }

    [Fact]
    public void A_large_frame_of_which_half_came_has_its_deadline_and_nothing_is_left_of_it()
    {
        ServerSettings settings = new();
        using TestServer server = new(time: new ManualTime());
        using RawClient client = server.Connect();
        client.Send(Frame.AsSpan(0, Frame.Length / 2));
        server.Until(c => c.Bytes == Frame.Length / 2);
        server.Advance(settings.StartedFrame);
        Assert.Equal(ErrorCode.Deadline, client.ReadError(0).Code);
        client.AssertClosed();
        server.Until(c => c is { Connections: 0, Bytes: 0, Requests: 0, Blocks: 0 });
        Assert.Equal(1, server.Counters.Events[ServerEvent.EvictedInFrame]);
    }

    [Fact]
    public void What_all_connections_share_and_what_frames_were_received_in_is_zeros_again()
    {
        using SocketLoop loop = new(TimeProvider.System, () => SocketLoop.Never);
        ServerContext server = new(new ServerSettings(), null!, loop, TimeProvider.System);
        InputBuffer input = new(server);
        Receive(input, Frame.AsSpan(0, 3));
        Assert.False(input.TryRead(0, out _));
        input.KeepFrom(0);
        Assert.Equal(-1, loop.SharedMemory.Span.IndexOfAnyExcept((byte)0));
        for (int have = 3; have < Frame.Length; have = input.Bytes.Length)
        {
            Receive(input, Frame.AsSpan(have));
            if (input.Bytes.Length < Frame.Length)
            {
                Assert.False(input.TryRead(0, out _));
                input.KeepFrom(0);
            }
        }

        Assert.True(input.TryRead(0, out FramePlace place));
        MessageBuffer message = input.TryDetach(place)!;
        Assert.True(message.Bytes.Span.SequenceEqual(RequestCodec.Encode(new EchoRequest(Data))));
        message.Dispose();
        Assert.Equal((1, 0), (server.Frames.Kept, server.Pool.Rented));
        AnonymousMemory piece = server.Frames.Rent();
        Assert.Equal(-1, piece.GetSpan().IndexOfAnyExcept((byte)0));
        server.Frames.Return(piece, 0);
        server.Frames.Dispose();
    }

    [Fact]
    public void Memory_that_has_more_than_the_frame_does_not_become_its_message_s()
    {
        using SocketLoop loop = new(TimeProvider.System, () => SocketLoop.Never);
        InputBuffer input = new(new ServerContext(new ServerSettings(), null!, loop, TimeProvider.System));
        byte[] two = [.. RawClient.Frames(1, new EchoRequest(new byte[5])), .. RawClient.Frames(2, new EchoRequest(new byte[5]))];
        Receive(input, two);
        Assert.True(input.TryRead(0, out FramePlace first));
        Assert.Null(input.TryDetach(first)); // in the memory that is shared
        input.KeepFrom(0);
        Assert.True(input.TryRead(0, out first));
        Assert.Null(input.TryDetach(first)); // the second is there too
        input.Drop();
    }

    private static void Receive(InputBuffer input, ReadOnlySpan<byte> bytes)
    {
        Span<byte> room = input.Room();
        int count = Math.Min(room.Length, bytes.Length);
        bytes[..count].CopyTo(room);
        input.Advance(count);
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Answers a message with its own bytes, one of which it changes.</summary>
    private sealed class ChangingRouter : IRequestRouter
    {
        public bool IsLight(ReadOnlySpan<byte> message) => false;

        public bool IsImmediate(ReadOnlySpan<byte> message) => false;

        public int AnswerAtOnce(ReadOnlySpan<byte> message, Span<byte> reply) => 0;

        public ValueTask<Answer> AnswerAsync(Memory<byte> message, IRequestContext context)
        {
            message.Span[message.Length / 2] ^= 1;
            return ValueTask.FromResult(new Answer(message, IsOfMessage: true));
        }

        public ReadOnlyMemory<byte> EncodeError(RequestException error) => ReplyCodec.Encode(ErrorReply.Of(error.Code, error.Message));
    }
}
