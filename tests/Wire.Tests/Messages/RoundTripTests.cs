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
}
