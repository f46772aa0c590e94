using System.Buffers;

namespace Init.Wire.Tests;

public sealed class FrameWriterTests
{
    [Theory]
    [InlineData(1UL, 1)]
    [InlineData(23UL, 23)]
    [InlineData(24UL, 24)]
    [InlineData(255UL, 255)]
    [InlineData(256UL, 256)]
    [InlineData(65_535UL, 65_535)]
    [InlineData(65_536UL, 65_536)]
    [InlineData(uint.MaxValue, 100)]
    [InlineData(uint.MaxValue + 1UL, 100)]
    [InlineData(ulong.MaxValue, WireLimits.MaxFramePayloadBytes)]
    public void A_frame_is_read_as_it_was_written(ulong id, int payloadBytes)
    {
        byte[] payload = new byte[payloadBytes];
        new Random(payloadBytes).NextBytes(payload);
        (ulong readId, FrameKind kind, bool more, string read) =
            Assert.Single(FrameBytes.ReadAll(new ReadOnlySequence<byte>(FrameBytes.Of(id, FrameKind.Progress, more: true, payload))));
        Assert.Equal((id, FrameKind.Progress, true), (readId, kind, more));
        Assert.Equal(Convert.ToHexStringLower(payload), read);
    }

    [Fact]
    public void A_header_for_a_payload_in_pieces_is_that_of_the_payload_in_one()
    {
        byte[] payload = new byte[100];
        new Random(1).NextBytes(payload);
        byte[] one = new byte[FrameWriter.MaxHeaderBytes];
        byte[] pieces = new byte[FrameWriter.MaxHeaderBytes];
        int length = FrameWriter.WriteHeader(one, 7, FrameKind.Reply, more: true, payload);
        Assert.Equal(length, FrameWriter.WriteHeader(pieces, 7, FrameKind.Reply, more: true, Segments.Of(payload, 3, 3, 64)));
        Assert.Equal(one, pieces);
        Assert.Equal(FrameBytes.Of(7, FrameKind.Reply, more: true, payload), one[..length].Concat(payload));
    }

    [Fact]
    public void The_longest_header_has_the_length_that_is_said()
    {
        byte[] header = new byte[FrameWriter.MaxHeaderBytes];
        byte[] payload = new byte[WireLimits.MaxFramePayloadBytes];
        Assert.Equal(FrameWriter.MaxHeaderBytes, FrameWriter.WriteHeader(header, ulong.MaxValue, FrameKind.Error, more: false, payload));
    }

    [Theory]
    [InlineData(0UL, FrameKind.Request, 1)]
    [InlineData(0UL, FrameKind.Reply, 1)]
    [InlineData(0UL, FrameKind.Progress, 1)]
    [InlineData(1UL, FrameKind.Request, 0)]
    [InlineData(1UL, FrameKind.Request, WireLimits.MaxFrameBodyBytes)]
    public void A_frame_that_would_be_refused_is_not_written(ulong id, FrameKind kind, int payloadBytes) =>
        Refused.As(WireError.InvalidValue, () => FrameBytes.Of(id, kind, more: false, new byte[payloadBytes]));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(WireLimits.MaxFramePayloadBytes, 1)]
    [InlineData(WireLimits.MaxFramePayloadBytes + 1, 2)]
    [InlineData(3 * WireLimits.MaxFramePayloadBytes, 3)]
    public void A_message_is_as_few_frames_as_it_takes_and_all_but_the_last_say_more(int messageBytes, int frames)
    {
        byte[] message = new byte[messageBytes];
        new Random(messageBytes).NextBytes(message);
        ArrayBufferWriter<byte> output = new();
        FrameWriter.WriteMessage(output, 9, FrameKind.Request, message);
        List<(ulong Id, FrameKind Kind, bool More, string Payload)> read = FrameBytes.ReadAll(new ReadOnlySequence<byte>(output.WrittenMemory));
        Assert.Equal(Enumerable.Range(1, frames).Select(i => i < frames), read.Select(f => f.More));
        Assert.Equal(Convert.ToHexStringLower(message), string.Concat(read.Select(f => f.Payload)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(WireLimits.MaxMessageBytes + 1)]
    public void A_message_that_is_empty_or_over_the_limit_is_not_written(int messageBytes) => Refused.As(
        WireError.InvalidValue,
        () => FrameWriter.WriteMessage(new ArrayBufferWriter<byte>(), 1, FrameKind.Request, new byte[messageBytes]));
}
