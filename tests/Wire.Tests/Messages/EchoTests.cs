using Init.Wire;

namespace Init.Wire.Tests;

/// <summary>An echo that is found without being decoded is the one that decoding finds.</summary>
public sealed class EchoTests
{
    public static TheoryData<int> Lengths => [0, 1, 23, 24, 255, 256, 1000, 65_535, 65_536];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Its_data_is_found_and_its_replys_start_is_what_encoding_writes(int length)
    {
        byte[] data = RandomBytes(length);
        foreach (uint deadline in new uint[] { 0, 23, 24, 255, 256, WireLimits.MaxDeadlineMs })
        {
            Assert.True(EchoRequest.TryFindData(RequestCodec.Encode(new EchoRequest(data) { DeadlineMs = deadline }), out ReadOnlySpan<byte> found));
            Assert.True(found.SequenceEqual(data));
        }

        byte[] start = new byte[EchoReply.MaxStartBytes];
        int startBytes = EchoReply.EncodeStart(start, length);
        byte[] reply = [.. start[..startBytes], .. data];
        Assert.Equal(ReplyCodec.Encode(new EchoReply(data)), reply);
    }

    [Fact]
    public void Whatever_is_changed_what_is_found_is_what_decoding_finds()
    {
        Random random = new(11);
        int found = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] message = RequestCodec.Encode(new EchoRequest(RandomBytes(random.Next(40))) { DeadlineMs = (uint)random.Next(70_000) >> random.Next(16) });
            for (int changes = random.Next(3); changes > 0; changes--)
            {
                message[random.Next(Math.Min(message.Length, 12))] ^= (byte)(1 << random.Next(8));
            }

            message = message[..^(random.Next(4) / 3)];
            if (EchoRequest.TryFindData(message, out ReadOnlySpan<byte> data))
            {
                found++;
                Assert.True(((EchoRequest)RequestCodec.Decode(message)).Data.Span.SequenceEqual(data));
            }
        }

        Assert.InRange(found, 1000, 199_000);
    }

    [Theory]
    [InlineData("830a00a101")] // no data
    [InlineData("830a00a10141")] // fewer than it says
    [InlineData("830a00a101410000")] // more
    [InlineData("830a00a1015800")] // a length in two bytes that fits one
    [InlineData("830a1800a10140")] // so a deadline
    [InlineData("830a1affffffffa10140")] // later than any may be
    [InlineData("830a20a10140")] // a negative one
    [InlineData("830a00a10160")] // text
    [InlineData("830a00a1015f40ff")] // in pieces
    [InlineData("830a00a20140")] // two fields
    [InlineData("830a00a10240")] // another
    [InlineData("840a00a1014000")] // an array of four
    [InlineData("830b00a10140")] // another operation
    [InlineData("83180a00a10140")] // the operation in two bytes
    public void What_is_not_an_echo_in_its_one_form_is_not_found(string message) =>
        Assert.False(EchoRequest.TryFindData(Convert.FromHexString(message), out _));

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
