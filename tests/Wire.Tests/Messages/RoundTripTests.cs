namespace Init.Wire.Tests;

public sealed class RoundTripTests
{
    private const int Samples = 500;

    [Fact]
    public void A_request_is_read_as_it_was_written() => Assert.All(Enumerable.Range(0, Samples), seed =>
    {
        Request request = new Sample(seed).Request();
        byte[] encoded = RequestCodec.Encode(request);
        Request decoded = RequestCodec.Decode(encoded);
        Assert.Equal(Shown.As(request), Shown.As(decoded));
        Assert.Equal(encoded, RequestCodec.Encode(decoded));
        Assert.Equal(encoded.Length, RequestCodec.Measure(request));
    });

    [Fact]
    public void A_reply_is_read_as_it_was_written() => Assert.All(Enumerable.Range(0, Samples), seed =>
    {
        Reply reply = new Sample(seed).Reply();
        byte[] encoded = ReplyCodec.Encode(reply);
        Reply decoded = ReplyCodec.Decode(encoded);
        Assert.Equal(Shown.As(reply), Shown.As(decoded));
        Assert.Equal(encoded, ReplyCodec.Encode(decoded));
        Assert.Equal(encoded.Length, ReplyCodec.Measure(reply));
    });

    [Fact]
    public void A_reply_up_to_its_tail_and_its_tail_are_the_reply() => Assert.All(Enumerable.Range(0, Samples), seed =>
    {
        Reply reply = new Sample(seed).Reply();
        byte[] start = ReplyCodec.EncodeUpToTail(reply, out ReadOnlyMemory<byte> tail);
        Assert.Equal(ReplyCodec.Encode(reply), start.Concat(tail.ToArray()));
    });

    [Fact]
    public void An_echo_s_tail_is_its_data_and_no_copy()
    {
        byte[] data = [1, 2, 3];
        ReplyCodec.EncodeUpToTail(new EchoReply(data), out ReadOnlyMemory<byte> tail);
        Assert.True(tail.Equals(data));
    }

    [Fact]
    public void An_error_is_read_as_it_was_written() => Assert.All(Enumerable.Range(0, Samples), seed =>
    {
        ErrorReply error = new Sample(seed).Error();
        Assert.Equal(error, ReplyCodec.DecodeError(ReplyCodec.Encode(error)));
    });

    [Fact]
    public void A_progress_event_is_read_as_it_was_written() => Assert.All(Enumerable.Range(0, Samples), seed =>
    {
        ProgressEvent progress = new Sample(seed).Progress();
        Assert.Equal(progress, ReplyCodec.DecodeProgress(ReplyCodec.Encode(progress)));
    });

    [Fact]
    public void A_sealed_progress_event_is_read_as_it_was_written() => Assert.All(Enumerable.Range(0, Samples), seed =>
    {
        SealedProgress progress = new Sample(seed).SealedProgress();
        Assert.Equal(Shown.As(progress), Shown.As(ReplyCodec.DecodeSealedProgress(ReplyCodec.Encode(progress))));
    });

    [Fact]
    public void A_statement_is_read_as_it_was_written_and_fits_into_a_document() => Assert.All(Enumerable.Range(0, Samples), seed =>
    {
        EnclaveStatement statement = new Sample(seed).Statement();
        byte[] encoded = statement.Encode();
        Assert.InRange(encoded.Length, 1, 512);
        Assert.Equal(Shown.As(statement), Shown.As(EnclaveStatement.Decode(encoded)));
    });

    [Fact]
    public void The_longest_statement_fits_into_a_document()
    {
        string name = new('x', WireLimits.MaxStatementNameBytes);
        EnclaveStatement longest = new()
        {
            ProtocolVersion = uint.MaxValue,
            Server = name,
            ServerVersion = name,
            ProverVersion = name,
            SrsKind = name,
            UserData = new byte[WireLimits.MaxUserDataBytes],
        };
        Assert.InRange(longest.Encode().Length, 1, 512);
    }

    [Fact]
    public void A_request_written_part_by_part_is_the_same() => Assert.All(Enumerable.Range(0, Samples), seed =>
    {
        Request request = new Sample(seed).Request();
        byte[] encoded = RequestCodec.Encode(request), parts = new byte[encoded.Length];
        Random random = new(seed);
        for (int from = 0; from < parts.Length;)
        {
            int length = random.Next(1, Math.Min(40, parts.Length - from) + 1);
            RequestCodec.EncodePart(request, from, parts.AsSpan(from, length));
            from += length;
        }

        Assert.Equal(encoded, parts);
    });

    [Fact]
    public void A_sealed_message_s_head_and_boxes_are_the_message() => Assert.All([17, 255, 256, 65_552, 70_000], length =>
    {
        byte[] boxes = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        SealedRequest request = Assert.IsType<SealedRequest>(new Sample(length).Request(Operation.Sealed)) with { Boxes = boxes };
        Assert.Equal(RequestCodec.Encode(request), (byte[])[.. RequestCodec.EncodeHead(request, length), .. boxes]);
        byte[] head = new byte[ReplyCodec.MeasureSealedHead(length)];
        byte[] nonce = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        ReplyCodec.EncodeSealedHead(FrameKind.Error, nonce, length, head);
        Assert.Equal(ReplyCodec.Encode(new SealedReply(FrameKind.Error, nonce, boxes)), (byte[])[.. head, .. boxes]);
    });
}
