using System.Text;
using Init.Testing.Campaign;

namespace Init.Wire.Tests;

public sealed class CborReaderTests
{
    [Theory]
    [InlineData("1800", "24 in one byte")]
    [InlineData("1817", "23 in two bytes")]
    [InlineData("1900ff", "255 in three")]
    [InlineData("1a0000ffff", "65535 in five")]
    [InlineData("1b00000000ffffffff", "2^32 - 1 in nine")]
    [InlineData("3817", "-24 in two")]
    [InlineData("5800", "a length in two")]
    [InlineData("7800", "a length in two")]
    [InlineData("9800", "a count in two")]
    [InlineData("b800", "a count in two")]
    [InlineData("d80100", "a tag in two")]
    [InlineData("9fff", "an array without a count")]
    [InlineData("bfff", "a map without a count")]
    [InlineData("5fff", "bytes without a length")]
    [InlineData("7fff", "text without a length")]
    [InlineData("fa3fc00000", "1.5 in single precision")]
    [InlineData("fb3ff8000000000000", "1.5 in double precision")]
    [InlineData("fb47efffffe0000000", "the largest single in double precision")]
    [InlineData("f97e01", "another NaN")]
    [InlineData("f9fe00", "the negative NaN")]
    [InlineData("a201000000", "keys in descending order")]
    [InlineData("a2616200616100", "keys in descending order")]
    [InlineData("a2626161006162 00", "a longer key before a shorter one")]
    [InlineData("a26161001800 00", "text before a number")]
    public void What_has_a_shorter_or_a_sorted_form_is_well_formed_but_not_deterministic(string hex, string what)
    {
        byte[] document = Convert.FromHexString(hex.Replace(" ", ""));
        Assert.NotEmpty(what);
        Assert.Equal(WireError.Malformed, Refused.Cbor(document, CborRules.Deterministic).Error);
        Diagnostic.Of(document, CborRules.WellFormed);
    }

    [Theory]
    [InlineData("a20000 0000", "a number twice")]
    [InlineData("a2616100616100", "text twice")]
    [InlineData("a3010002000100", "a number twice, not side by side")]
    [InlineData("bf01000100ff", "in a map without a count")]
    [InlineData("a20100180100", "a number in two encodings")]
    [InlineData("a26161007801 61 00", "text in two encodings")]
    [InlineData("a2200038 00 00", "a negative number in two encodings")]
    [InlineData("a1 00 a201000100", "in an inner map")]
    public void A_key_that_stands_twice_is_refused(string hex, string where)
    {
        byte[] document = Convert.FromHexString(hex.Replace(" ", ""));
        Assert.NotEmpty(where);
        Assert.Contains("duplicate", Refused.Cbor(document, CborRules.WellFormed).Message);
        Refused.Cbor(document, CborRules.Deterministic);
    }

    [Theory]
    [InlineData("a241610061 61 00", "bytes and text")]
    [InlineData("a2000020 00", "0 and -1")]
    public void Keys_of_different_types_are_different(string hex, string what)
    {
        Assert.NotEmpty(what);
        Diagnostic.Of(Convert.FromHexString(hex.Replace(" ", "")), CborRules.WellFormed);
    }

    [Theory]
    [InlineData("a18000")]
    [InlineData("a1a000")]
    [InlineData("a1f400")]
    [InlineData("a1f93c0000")]
    [InlineData("a1c00000")]
    [InlineData("a15f4100ff00")]
    [InlineData("bf5f4100ff00ff")]
    [InlineData("bf00")]
    public void A_foreign_key_that_is_neither_a_number_nor_a_string_in_one_piece_is_refused(string hex) =>
        Assert.Equal(WireError.Malformed, Refused.Cbor(Convert.FromHexString(hex), CborRules.WellFormed).Error);

    [Fact]
    public void A_foreign_key_may_have_as_many_bytes_as_the_limit_and_no_more()
    {
        byte[] Map(int keyBytes) => CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.WriteByteString(new byte[keyBytes]);
            writer.WriteNull();
        });
        Diagnostic.Of(Map(WireLimits.MaxForeignKeyBytes), CborRules.WellFormed);
        Assert.Equal(WireError.TooLarge, Refused.Cbor(Map(WireLimits.MaxForeignKeyBytes + 1), CborRules.WellFormed).Error);
    }

    [Fact]
    public void A_foreign_map_may_have_as_many_keys_as_the_limit_and_no_more()
    {
        Diagnostic.Of(Numbers(WireLimits.MaxForeignMapKeys), CborRules.WellFormed);
        Assert.Equal(WireError.TooLarge, Refused.Cbor(Numbers(WireLimits.MaxForeignMapKeys + 1), CborRules.WellFormed).Error);
        Diagnostic.Of(Numbers(WireLimits.MaxForeignMapKeys + 1), CborRules.Deterministic);
    }

    private static byte[] Numbers(int keys) => CborWriter.ToArray((ref CborWriter writer) =>
    {
        writer.WriteMapHeader(keys);
        for (int i = 0; i < keys; i++)
        {
            writer.WriteUInt64((ulong)i);
            writer.WriteNull();
        }
    });

    [FailureMode(22, "Lengths at their extremes")]
    [Theory]
    [InlineData("9affffffff00")]
    [InlineData("9bffffffffffffffff00")]
    [InlineData("ba7fffffff00")]
    [InlineData("bbffffffffffffffff00")]
    [InlineData("5affffffff00")]
    [InlineData("5bffffffffffffffff00")]
    [InlineData("7a7fffffff00")]
    [InlineData("7bffffffffffffffff00")]
    [InlineData("8300")]
    [InlineData("a300")]
    [InlineData("4300")]
    public void A_length_or_a_count_beyond_the_input_is_refused_and_nothing_is_allocated_for_it(string hex)
    {
        byte[] document = Convert.FromHexString(hex);
        foreach (CborRules rules in Enum.GetValues<CborRules>())
        {
            Assert.Matches("of [0-9]+ .*bytes", Refused.Cbor(document, rules).Message);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refused.Cbor(document, rules);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        }
    }

    [Theory]
    [InlineData(0x81)]
    [InlineData(0xc1)]
    public void Items_inside_each_other_are_refused_beyond_the_limit(byte container)
    {
        byte[] Deep(int depth) => [.. Enumerable.Repeat(container, depth), 0];
        foreach (CborRules rules in Enum.GetValues<CborRules>())
        {
            Diagnostic.Of(Deep(WireLimits.MaxCborDepth), rules);
            Assert.Equal(WireError.TooLarge, Refused.Cbor(Deep(WireLimits.MaxCborDepth + 1), rules).Error);
            Assert.Equal(WireError.TooLarge, Refused.Cbor(Deep(100_000), rules).Error);
        }
    }

    [Fact]
    public void Maps_inside_each_other_are_refused_beyond_the_limit()
    {
        byte[] Deep(int depth) => [.. Enumerable.Repeat<byte[]>([0xa1, 0x00], depth).SelectMany(b => b), 0];
        foreach (CborRules rules in Enum.GetValues<CborRules>())
        {
            Diagnostic.Of(Deep(WireLimits.MaxCborDepth), rules);
            Assert.Equal(WireError.TooLarge, Refused.Cbor(Deep(WireLimits.MaxCborDepth + 1), rules).Error);
        }
    }

    [Fact]
    public void More_items_than_the_limit_are_refused()
    {
        byte[] Items(int inside) => [0x9a, 0, (byte)(inside >> 16), (byte)(inside >> 8), (byte)inside, .. new byte[inside]];
        foreach (CborRules rules in Enum.GetValues<CborRules>())
        {
            CborReader reader = new(Items(WireLimits.MaxCborItems - 1), CborRules.WellFormed);
            reader.Skip();
            reader.ReadEnd();
            Assert.Equal(WireError.TooLarge, Refused.Cbor(Items(WireLimits.MaxCborItems), rules).Error);
        }

        byte[] chunks = [0x5f, .. Enumerable.Repeat((byte)0x40, WireLimits.MaxCborItems), 0xff];
        Assert.Equal(WireError.TooLarge, Refused.Cbor(chunks, CborRules.WellFormed).Error);
    }

    [Theory]
    [InlineData("6180")]
    [InlineData("61ff")]
    [InlineData("62c080")]
    [InlineData("63eda080")]
    [InlineData("64f4908080")]
    [InlineData("7f61c3ff")]
    [InlineData("7f61c361bcff")]
    public void Text_that_is_not_UTF_8_is_refused(string hex)
    {
        Refused.Cbor(Convert.FromHexString(hex), CborRules.WellFormed);
        Refused.Cbor(Convert.FromHexString(hex), CborRules.Deterministic);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("8000")]
    [InlineData("f6ff")]
    [InlineData("9fffff")]
    public void Anything_but_one_data_item_is_refused(string hex)
    {
        Refused.Cbor(Convert.FromHexString(hex), CborRules.WellFormed);
        Refused.Cbor(Convert.FromHexString(hex), CborRules.Deterministic);
    }

    [Theory]
    [InlineData("5f5fff")]
    [InlineData("5f5f4100ff")]
    [InlineData("7f7fff")]
    [InlineData("7f6161 7fff")]
    public void A_chunk_in_chunks_is_refused(string hex) =>
        Assert.Contains("chunk", Refused.Cbor(Convert.FromHexString(hex.Replace(" ", "")), CborRules.WellFormed).Message);

    [Fact]
    public void An_integer_is_read_as_what_it_fits_into()
    {
        Assert.Equal(ulong.MaxValue, Reader("1bffffffffffffffff").ReadUInt64());
        Assert.Equal(uint.MaxValue, Reader("1affffffff").ReadUInt32());
        Assert.Equal(long.MaxValue, Reader("1b7fffffffffffffff").ReadInt64());
        Assert.Equal(long.MinValue, Reader("3b7fffffffffffffff").ReadInt64());
        Assert.Equal(-1, Reader("20").ReadInt64());
        Refused.As(WireError.TooLarge, () => Reader("1b0000000100000000").ReadUInt32());
        Refused.As(WireError.TooLarge, () => Reader("1b8000000000000000").ReadInt64());
        Refused.As(WireError.TooLarge, () => Reader("3b8000000000000000").ReadInt64());
        Refused.As(WireError.Malformed, () => Reader("20").ReadUInt64());
    }

    [Fact]
    public void A_value_of_another_type_is_refused()
    {
        Refused.As(WireError.Malformed, () => Reader("00").ReadBoolean());
        Refused.As(WireError.Malformed, () => Reader("00").ReadByteString());
        Refused.As(WireError.Malformed, () => Reader("40").ReadTextUtf8());
        Refused.As(WireError.Malformed, () => Reader("f4").ReadInt64());
        Refused.As(WireError.Malformed, () => Reader("a0").ReadArray());
        Refused.As(WireError.Malformed, () => Reader("80").ReadMap());
        Refused.As(WireError.Malformed, () => Reader("00").ReadDouble());
        Refused.As(WireError.Malformed, () => Reader("f6").ReadSimple());
        Refused.As(WireError.Malformed, () => Reader("00").ReadTag());
        Refused.As(WireError.Malformed, () => Reader("40").ReadChunks());
        Refused.As(WireError.Malformed, () => Reader("00").ReadNegativeArgument());
        Assert.False(Reader("f4").TryReadNull());
    }

    [Fact]
    public void Text_longer_than_asked_for_is_refused()
    {
        Assert.Equal("é", Reader("62c3a9").ReadText(maxBytes: 2));
        Refused.As(WireError.TooLarge, () => Reader("62c3a9").ReadText(maxBytes: 1));
    }

    [Fact]
    public void Nothing_is_read_behind_the_end()
    {
        static void ReadTwice()
        {
            CborReader reader = Reader("00");
            reader.ReadUInt64();
            Assert.Equal(CborType.End, reader.PeekType());
            reader.ReadUInt64();
        }

        static void SkipTwice()
        {
            CborReader reader = Reader("00");
            reader.Skip();
            reader.Skip();
        }

        static void EndTooEarly()
        {
            CborReader reader = Reader("8100");
            reader.ReadArray();
            reader.ReadEnd();
        }

        Refused.As(WireError.Malformed, ReadTwice);
        Refused.As(WireError.Malformed, SkipTwice);
        Refused.As(WireError.Malformed, EndTooEarly);
        Refused.As(WireError.Malformed, () => default(CborReader).ReadUInt64());
    }

    [Fact]
    public void A_break_is_not_an_item()
    {
        static void SkipBreak()
        {
            CborReader reader = Reader("9fff");
            reader.ReadArray();
            Assert.Equal(CborType.Break, reader.PeekType());
            reader.Skip();
        }

        Refused.As(WireError.Malformed, SkipBreak);
    }

    [Fact]
    public void Skipping_moves_past_everything_inside_an_item()
    {
        foreach (string line in Resource.Lines("rfc8949-appendix-a.txt"))
        {
            CborReader reader = Reader($"82{line.Split(" | ")[1]}187b");
            reader.ReadArray();
            reader.Skip();
            Assert.Equal(123UL, reader.ReadUInt64());
            reader.ReadEnd();
        }
    }

    [Fact]
    public void Bytes_are_slices_of_the_document()
    {
        byte[] document = [0x82, 0x42, 1, 2, 0x61, (byte)'x'];
        CborReader reader = new(document, CborRules.Deterministic);
        reader.ReadArray();
        Assert.Equal(2..4, reader.ReadByteStringRange());
        Assert.True(reader.ReadTextUtf8().Overlaps(document));
    }

    [Theory]
    [InlineData("a2 1b0000000100000001 00 1b0000000200000001 00", "numbers whose lower halves are equal")]
    [InlineData("a2 1bffffffff00000000 00 40 00", "a number and bytes")]
    [InlineData("a2 45 3030303030 00 45 c146dc3531 00", "bytes with one CRC-32C")]
    public void Keys_whose_checksums_are_equal_are_still_compared(string hex, string what)
    {
        Assert.NotEmpty(what);
        Diagnostic.Of(Convert.FromHexString(hex.Replace(" ", "")), CborRules.WellFormed);
    }

    [Fact]
    public void A_hostile_map_is_refused_or_read_in_time_that_grows_with_its_length()
    {
        // As many maps as the items allow, each as full as it may be, all keys with one checksum: 2 million comparisons.
        byte[] map = CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteMapHeader(WireLimits.MaxForeignMapKeys);
            for (uint i = 0; i < WireLimits.MaxForeignMapKeys; i++)
            {
                writer.WriteUInt64(((ulong)i << 32) | uint.MaxValue);
                writer.WriteNull();
            }
        });
        int maps = (WireLimits.MaxCborItems - 1) / ((2 * WireLimits.MaxForeignMapKeys) + 1);
        byte[] document = CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteArrayHeader(maps);
            for (int i = 0; i < maps; i++)
            {
                writer.WriteEncoded(map);
            }
        });
        long start = Environment.TickCount64;
        CborReader reader = new(document, CborRules.WellFormed);
        Assert.InRange(Environment.TickCount64 - start, 0, 5_000);
        Assert.Equal(CborType.Array, reader.PeekType());
    }

    [Fact]
    public void Text_is_written_as_UTF_8_and_a_lone_surrogate_is_not()
    {
        Assert.Equal("64f0908591", Convert.ToHexStringLower(CborWriter.ToArray((ref CborWriter writer) => writer.WriteText("\ud800\udd51"))));
        foreach (string lone in new[] { "\ud800", "a\udd51", "\ud800\ud800\udd51" })
        {
            Refused.As(WireError.InvalidValue, () => CborWriter.ToArray((ref CborWriter writer) => writer.WriteText(lone)));
        }
    }

    [Fact]
    public void A_writer_s_output_must_be_filled_exactly()
    {
        static void Write(int room)
        {
            CborWriter writer = new(new byte[room]);
            writer.WriteText(Encoding.UTF8.GetBytes("abc"));
            writer.Complete();
        }

        Write(room: 4);
        Refused.As(WireError.InvalidValue, () => Write(room: 3));
        Refused.As(WireError.InvalidValue, () => Write(room: 5));
        Refused.As(WireError.InvalidValue, () => CborWriter.ToArray((ref CborWriter writer) => writer.WriteArrayHeader(-1)));
    }

    private static CborReader Reader(string hex) => new(Convert.FromHexString(hex), CborRules.WellFormed);
}
