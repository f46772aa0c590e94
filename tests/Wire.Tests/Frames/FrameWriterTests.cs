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
    public void A_header_and_a_payload_that_follows_it_are_the_frame()
    {
        byte[] payload = new byte[100];
        new Random(1).NextBytes(payload);
        byte[] header = new byte[FrameWriter.MaxHeaderBytes];
        int length = FrameWriter.WriteHeader(header, 7, FrameKind.Reply, more: true, payload);
        Assert.Equal(FrameBytes.Of(7, FrameKind.Reply, more: true, payload), header[..length].Concat(payload));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    public void A_payload_in_two_places_is_the_same_frame(int firstBytes)
    {
        byte[] payload = new byte[100];
        new Random(2).NextBytes(payload);
        byte[] header = new byte[FrameWriter.MaxHeaderBytes + firstBytes];
        int length = FrameWriter.WriteHeader(header, 7, FrameKind.Reply, more: true, payload.AsSpan(0, firstBytes), payload.AsSpan(firstBytes));
        Assert.Equal(FrameBytes.Of(7, FrameKind.Reply, more: true, payload), header[..length].Concat(payload[firstBytes..]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(FrameWriter.MaxPieceBytes - FrameWriter.MaxHeaderBytes)]
    [InlineData(FrameWriter.MaxPieceBytes)]
    [InlineData(WireLimits.MaxFramePayloadBytes)]
    public void Output_of_exactly_the_pieces_that_are_asked_for_gets_the_same_frame(int payloadBytes)
    {
        byte[] payload = new byte[payloadBytes];
        new Random(payloadBytes).NextBytes(payload);
        ExactOutput output = new();
        FrameWriter.Write(output, ulong.MaxValue, FrameKind.Reply, more: false, payload);
        Assert.Equal(FrameBytes.Of(ulong.MaxValue, FrameKind.Reply, more: false, payload), output.Written);
        Assert.InRange(output.LargestPiece, 1, FrameWriter.MaxPieceBytes);
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

    /// <summary>Gives what it is asked for and not a byte more.</summary>
    private sealed class ExactOutput : IBufferWriter<byte>
    {
        private byte[] _piece = [];

        public List<byte> Written { get; } = [];

        public int LargestPiece { get; private set; }

        public void Advance(int count) => Written.AddRange(_piece.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            LargestPiece = Math.Max(LargestPiece, sizeHint);
            return _piece = new byte[Math.Max(1, sizeHint)];
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
