using System.Text;
using Init.Prover.MessagePack;

namespace Init.Prover.Tests.MessagePack;

public sealed class MessagePackReaderTests
{
    [Theory]
    [InlineData("00", 0UL)]
    [InlineData("7f", 127UL)]
    [InlineData("cc80", 128UL)]
    [InlineData("cc01", 1UL)]
    [InlineData("cd0100", 256UL)]
    [InlineData("ce00010000", 65536UL)]
    [InlineData("cfffffffffffffffff", ulong.MaxValue)]
    [InlineData("d001", 1UL)]
    [InlineData("d30000000000000005", 5UL)]
    public void An_unsigned_integer_of_any_width_is_read(string hex, ulong expected)
    {
        var reader = Open(hex);
        Assert.Equal(expected, reader.ReadUInt64());
        reader.ReadEnd();
    }

    [Theory]
    [InlineData("ff", -1L)]
    [InlineData("e0", -32L)]
    [InlineData("d080", -128L)]
    [InlineData("d18000", -32768L)]
    [InlineData("d280000000", -2147483648L)]
    [InlineData("d38000000000000000", long.MinValue)]
    [InlineData("cf7fffffffffffffff", long.MaxValue)]
    public void A_signed_integer_of_any_width_is_read(string hex, long expected) => Assert.Equal(expected, Open(hex).ReadInt64());

    [Theory]
    [InlineData("cb3ff8000000000000")]
    [InlineData("ca3fc00000")]
    public void A_float_of_any_width_is_read(string hex) => Assert.Equal(1.5, Open(hex).ReadDouble());

    [Theory]
    [InlineData("a3616263")]
    [InlineData("d903616263")]
    [InlineData("da0003616263")]
    [InlineData("db00000003616263")]
    public void A_string_with_a_length_of_any_width_is_read(string hex) => Assert.Equal("abc", Open(hex).ReadString(3));

    [Theory]
    [InlineData("c403010203")]
    [InlineData("c50003010203")]
    [InlineData("c600000003010203")]
    public void A_binary_with_a_length_of_any_width_is_read(string hex) =>
        Assert.Equal(new byte[] { 1, 2, 3 }, Open(hex).ReadBinary().ToArray());

    [Fact]
    public void A_reply_is_read()
    {
        // ["R", {"a": [true, nil], "b": -1}]
        var reader = Open("92a15282a16192c3c0a162ff");
        Assert.Equal(2, reader.ReadArrayHeader());
        Assert.True(reader.ReadStringUtf8().SequenceEqual("R"u8));
        Assert.Equal(2, reader.ReadMapHeader());
        Assert.Equal("a", reader.ReadString(1));
        Assert.Equal(2, reader.ReadArrayHeader());
        Assert.True(reader.ReadBoolean());
        Assert.True(reader.TryReadNil());
        Assert.Equal("b", reader.ReadString(1));
        Assert.False(reader.TryReadNil());
        Assert.Equal(-1, reader.ReadInt64());
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void Skip_passes_one_value_with_all_in_it()
    {
        var reader = Open("9382a16192c3c0a162c40100cb000000000000000005");
        Assert.Equal(3, reader.ReadArrayHeader());
        reader.Skip();
        reader.Skip();
        Assert.Equal(5UL, reader.ReadUInt64());
        reader.ReadEnd();
    }

    [Theory]
    [InlineData("c0")]
    [InlineData("c3")]
    [InlineData("05")]
    [InlineData("ff")]
    [InlineData("cb3ff8000000000000")]
    [InlineData("a161")]
    [InlineData("c40100")]
    [InlineData("9100")]
    [InlineData("81a16100")]
    public void A_value_of_another_type_is_refused(string hex)
    {
        MessagePackType type = Open(hex).PeekType();
        RefusesUnless(type == MessagePackType.Boolean, () => Open(hex).ReadBoolean());
        RefusesUnless(type == MessagePackType.Integer, () => Open(hex).ReadInt64());
        RefusesUnless(type == MessagePackType.Float, () => Open(hex).ReadDouble());
        RefusesUnless(type == MessagePackType.String, () => Open(hex).ReadString(9));
        RefusesUnless(type == MessagePackType.Binary, () => Open(hex).ReadBinary());
        RefusesUnless(type == MessagePackType.Array, () => Open(hex).ReadArrayHeader());
        RefusesUnless(type == MessagePackType.Map, () => Open(hex).ReadMapHeader());
    }

    [Fact]
    public void An_integer_beyond_the_asked_range_is_refused()
    {
        Refuses(() => Open("ff").ReadUInt64());
        Refuses(() => Open("cfffffffffffffffff").ReadInt64());
        Refuses(() => Open("cf0000000100000000").ReadUInt32());
        Refuses(() => Open("a3616263").ReadString(2));
    }

    [Theory]
    [InlineData("c405010203")]
    [InlineData("c6ffffffff")]
    [InlineData("dbffffffff61")]
    [InlineData("a561")]
    [InlineData("ddffffffff00")]
    [InlineData("93c0c0")]
    [InlineData("dfffffffff")]
    [InlineData("82a161c0a1")]
    public void A_declared_length_beyond_the_input_is_refused(string hex) => Refuses(() => Open(hex));

    [Theory]
    [InlineData("")]
    [InlineData("cc")]
    [InlineData("cd00")]
    [InlineData("c500")]
    [InlineData("dc00")]
    [InlineData("cb00000000")]
    [InlineData("91")]
    public void A_truncated_document_is_refused(string hex) => Refuses(() => Open(hex));

    [Theory]
    [InlineData("c0c0")]
    [InlineData("9000")]
    [InlineData("8000")]
    public void Trailing_bytes_are_refused(string hex) => Refuses(() => Open(hex));

    [Theory]
    [InlineData("c1")]
    [InlineData("c70100ff")]
    [InlineData("d400ff")]
    [InlineData("d6ff00000000")]
    public void A_type_that_bbapi_does_not_use_is_refused(string hex) => Refuses(() => Open(hex));

    [Theory]
    [InlineData("82a16100a16101")]
    [InlineData("9182a16100d9016101")]
    [InlineData("83a16180a16281a1610000a16200")]
    public void A_duplicate_map_key_is_refused(string hex) => Refuses(() => Open(hex));

    [Fact]
    public void The_same_key_in_two_maps_is_no_duplicate() => Open("82a16181a16100a16281a16100").Skip();

    [Fact]
    public void A_map_key_that_is_no_string_is_refused() => Refuses(() => Open("810000"));

    [Fact]
    public void Text_that_is_not_UTF8_is_refused() => Refuses(() => Open("a2c328"));

    [Fact]
    public void Nesting_up_to_the_limit_is_read_and_one_deeper_is_refused()
    {
        Open(Nested(MessagePackValidator.MaxDepth)).Skip();
        Refuses(() => Open(Nested(MessagePackValidator.MaxDepth + 1)));
        Refuses(() => Open(Nested(1_000_000)));
    }

    [Fact]
    public void A_map_with_more_keys_than_the_limit_is_refused()
    {
        Open(MapOf(MessagePackValidator.MaxMapKeys)).Skip();
        Refuses(() => Open(MapOf(MessagePackValidator.MaxMapKeys + 1)));
    }

    [Fact]
    public void Reading_behind_the_end_is_refused()
    {
        Refuses(() =>
        {
            var reader = Open("c0");
            reader.Skip();
            reader.Skip();
        });
        Refuses(() => Open("9100").ReadEnd());
    }

    private static string Nested(int depth) => Convert.ToHexString([.. Enumerable.Repeat((byte)0x91, depth), 0xc0]);

    private static string MapOf(int keys)
    {
        var hex = new StringBuilder($"de{keys:x4}");
        for (int i = 0; i < keys; i++)
        {
            hex.Append($"a2{Convert.ToHexString(Encoding.UTF8.GetBytes($"{i:x2}"))}c0");
        }

        return hex.ToString();
    }

    private static MessagePackReader Open(string hex) => new(Convert.FromHexString(hex));

    private static void Refuses(Action action) => Fails.With(ProverError.MalformedReply, action);

    private static void RefusesUnless(bool allowed, Action action)
    {
        if (allowed)
        {
            action();
        }
        else
        {
            Refuses(action);
        }
    }
}
