using Init.Prover.MessagePack;

namespace Init.Prover.Tests.MessagePack;

public sealed class MessagePackWriterTests
{
    private delegate void Content(ref MessagePackWriter writer);

    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7f")]
    [InlineData(128UL, "cc80")]
    [InlineData(255UL, "ccff")]
    [InlineData(256UL, "cd0100")]
    [InlineData(65535UL, "cdffff")]
    [InlineData(65536UL, "ce00010000")]
    [InlineData(4294967295UL, "ceffffffff")]
    [InlineData(4294967296UL, "cf0000000100000000")]
    [InlineData(ulong.MaxValue, "cfffffffffffffffff")]
    public void An_integer_is_written_in_its_shortest_form(ulong value, string expected) =>
        Assert.Equal(expected, Hex((ref w) => w.WriteUInt64(value)));

    [Fact]
    public void Nil_and_booleans_are_written()
    {
        Assert.Equal("c0c2c3", Hex((ref w) =>
        {
            w.WriteNil();
            w.WriteBoolean(false);
            w.WriteBoolean(true);
        }));
    }

    [Theory]
    [InlineData(0, "a0")]
    [InlineData(31, "bf")]
    [InlineData(32, "d920")]
    [InlineData(255, "d9ff")]
    [InlineData(256, "da0100")]
    [InlineData(65536, "db00010000")]
    public void A_string_has_the_shortest_header(int length, string header)
    {
        string text = new('x', length);
        string hex = Hex((ref w) => w.WriteString(text));
        Assert.StartsWith(header, hex);
        Assert.Equal(header.Length + (2 * length), hex.Length);
    }

    [Fact]
    public void Text_and_UTF8_give_the_same_bytes() =>
        Assert.Equal(Hex((ref w) => w.WriteString("Schlüssel 𝔽")), Hex((ref w) => w.WriteString("Schlüssel 𝔽"u8)));

    [Fact]
    public void A_lone_surrogate_is_refused()
    {
        Fails.With(ProverError.InvalidInput, () => Hex((ref w) => w.WriteString("a\ud800")));
        Fails.With(ProverError.InvalidInput, () => Hex((ref w) => w.WriteString("\udc00\ud800")));
    }

    [Theory]
    [InlineData(0, "90", "80")]
    [InlineData(15, "9f", "8f")]
    [InlineData(16, "dc0010", "de0010")]
    [InlineData(65536, "dd00010000", "df00010000")]
    public void A_container_has_the_shortest_header(int count, string array, string map)
    {
        Assert.Equal(array, Hex((ref w) => w.WriteArrayHeader(count)));
        Assert.Equal(map, Hex((ref w) => w.WriteMapHeader(count)));
    }

    [Fact]
    public void A_binary_always_has_a_32_bit_length() => Assert.Equal("c60000000207ff", Hex((ref w) => w.WriteBinary([7, 255])));

    [Fact]
    public void A_reserved_payload_is_written_in_place_and_only_in_the_second_phase()
    {
        int fills = 0;
        string hex = Hex((ref w) =>
        {
            w.WriteBinaryHeader(3);
            Span<byte> place = w.Reserve(3);
            Assert.Equal(w.IsMeasuring, place.IsEmpty);
            if (!w.IsMeasuring)
            {
                place.Fill(9);
                fills++;
            }
        });
        Assert.Equal("c600000003090909", hex);
        Assert.Equal(1, fills);
    }

    [Fact]
    public void Writing_beyond_the_span_is_refused() =>
        Fails.With(ProverError.InvalidState, () => new MessagePackWriter(new byte[4]).WriteBinary([1]));

    [Fact]
    public void A_span_that_is_not_filled_is_refused() =>
        Fails.With(ProverError.InvalidState, () => new MessagePackWriter(new byte[4]).Complete());

    [Fact]
    public void A_negative_length_is_refused()
    {
        Fails.With(ProverError.InvalidState, () => MessagePackWriter.Measuring().Reserve(-1));
        Fails.With(ProverError.InvalidState, () => MessagePackWriter.Measuring().WriteBinaryHeader(-1));
        Fails.With(ProverError.InvalidState, () => MessagePackWriter.Measuring().WriteMapHeader(-1));
    }

    [Fact]
    public void A_measured_length_beyond_a_span_is_refused() => Fails.With(ProverError.TooLarge, () =>
    {
        var writer = MessagePackWriter.Measuring();
        writer.Reserve(int.MaxValue);
        writer.Reserve(int.MaxValue);
        Assert.Equal(2L * int.MaxValue, writer.Length);
        writer.Complete();
    });

    private static string Hex(Content content)
    {
        var measuring = MessagePackWriter.Measuring();
        content(ref measuring);
        byte[] output = new byte[measuring.Complete()];
        var writer = new MessagePackWriter(output);
        content(ref writer);
        Assert.Equal(output.Length, writer.Complete());
        return Convert.ToHexStringLower(output);
    }
}
