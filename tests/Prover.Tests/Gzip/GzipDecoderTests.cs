using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Init.Prover.Gzip;
using Init.Testing;

namespace Init.Prover.Tests.Gzip;

public sealed class GzipDecoderTests
{
    private const long Limit = 1 << 30;

    public static TheoryData<CompressionLevel> Levels =>
        [CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize];

    [Theory]
    [MemberData(nameof(Levels))]
    public void What_zlib_compresses_is_decoded(CompressionLevel level)
    {
        int[] sizes = [0, 1, 2, 3, 7, 258, 259, 32_767, 32_768, 32_769, 65_535, 65_536, 200_000, 1_500_000];
        foreach (int size in sizes)
        {
            foreach (byte[] content in Samples.Of(size))
            {
                byte[] gzip = Samples.Compress(content, level);
                Assert.Equal(content.Length, GzipDecoder.Measure(gzip, Limit));
                byte[] output = new byte[content.Length];
                GzipDecoder.Decode(gzip, output);
                Assert.True(content.AsSpan().SequenceEqual(output), $"{level}, {size} bytes");
            }
        }
    }

    [Fact]
    public void A_block_with_fixed_codes_is_decoded()
    {
        // The whole of RFC 1951 section 3.2.6 in one block, made by hand: literal 'a', then a match of 3 at distance 1, end of block.
        byte[] gzip = Wrap([0x4b, 0x04, 0x02, 0x00], "aaaa"u8);
        byte[] output = new byte[4];
        GzipDecoder.Decode(gzip, output);
        Assert.Equal("aaaa", Encoding.ASCII.GetString(output));
    }

    [Fact]
    public void A_bomb_is_refused_by_its_limit_without_memory_for_it()
    {
        byte[] gzip = Samples.Compress(new byte[50_000_000], CompressionLevel.SmallestSize);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fails.With(ProverError.TooLarge, () => GzipDecoder.Measure(gzip, 49_999_999));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(50_000_000, GzipDecoder.Measure(gzip, 50_000_000));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void The_limit_is_exact(CompressionLevel level)
    {
        foreach (byte[] content in Samples.Of(1000))
        {
            byte[] gzip = Samples.Compress(content, level);
            Assert.Equal(1000, GzipDecoder.Measure(gzip, 1000));
            Fails.With(ProverError.TooLarge, () => GzipDecoder.Measure(gzip, 999));
            Fails.With(ProverError.TooLarge, () => GzipDecoder.Decode(gzip, new byte[999]));
            Fails.With(ProverError.InvalidInput, () => GzipDecoder.Decode(gzip, new byte[1001]));
        }
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] gzip = Samples.Compress(Samples.Of(2000)[1], CompressionLevel.Optimal);
        byte[] output = new byte[2000];
        for (int length = 0; length < gzip.Length; length++)
        {
            byte[] prefix = gzip[..length];
            Fails.With(ProverError.InvalidInput, () => GzipDecoder.Measure(prefix, Limit));
            Fails.With(ProverError.InvalidInput, () => GzipDecoder.Decode(prefix, output));
        }
    }

    [Fact]
    public void Trailing_bytes_and_a_second_member_are_refused()
    {
        byte[] gzip = Samples.Compress("x"u8.ToArray(), CompressionLevel.Optimal);
        Fails.With(ProverError.InvalidInput, () => GzipDecoder.Measure([.. gzip, 0], Limit));
        Fails.With(ProverError.InvalidInput, () => GzipDecoder.Measure([.. gzip, .. gzip], Limit));
        Fails.With(ProverError.InvalidInput, () => GzipDecoder.Decode([.. gzip, .. gzip], new byte[2]));
    }

    [Fact]
    public void A_wrong_checksum_or_length_is_refused()
    {
        byte[] gzip = Samples.Compress("content"u8.ToArray(), CompressionLevel.Optimal);
        byte[] wrongCrc = [.. gzip];
        wrongCrc[^8] ^= 1;
        Assert.Equal(7, GzipDecoder.Measure(wrongCrc, Limit));
        Fails.With(ProverError.InvalidInput, () => GzipDecoder.Decode(wrongCrc, new byte[7]));
        byte[] wrongLength = [.. gzip];
        wrongLength[^1] ^= 1;
        Fails.With(ProverError.InvalidInput, () => GzipDecoder.Measure(wrongLength, Limit));
    }

    [Fact]
    public void All_optional_header_fields_are_passed_over()
    {
        byte[] plain = Samples.Compress("content"u8.ToArray(), CompressionLevel.Optimal);
        byte[] gzip = WithHeader(plain, 0x1f, [4, 0, 1, 2, 3, 4, .. "name\0comment\0"u8]);
        byte[] output = new byte[GzipDecoder.Measure(gzip, Limit)];
        GzipDecoder.Decode(gzip, output);
        Assert.Equal("content", Encoding.ASCII.GetString(output));

        gzip[^(plain.Length - 10 + 1)] ^= 1;
        Assert.Contains("CRC16", Fails.With(ProverError.InvalidInput, () => GzipDecoder.Measure(gzip, Limit)).Message);
    }

    [Theory]
    [InlineData(0x04, "ffff0102")]
    [InlineData(0x08, "61626364")]
    [InlineData(0x10, "61626364")]
    [InlineData(0x20, "")]
    [InlineData(0x40, "")]
    [InlineData(0x80, "")]
    public void A_header_field_beyond_the_input_or_a_reserved_flag_is_refused(byte flags, string fields)
    {
        byte[] gzip = [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3, .. Convert.FromHexString(fields), .. Enumerable.Repeat((byte)0xff, 8)];
        Fails.With(ProverError.InvalidInput, () => GzipDecoder.Measure(gzip, Limit));
    }

    [Theory]
    [InlineData("07")]
    [InlineData("000100ffff61")]
    [InlineData("0500fefb")]
    [InlineData("4b0c02")]
    [InlineData("fdffffffff")]
    [InlineData("4b041e00")]
    public void A_malformed_stream_is_refused(string deflate)
    {
        byte[] gzip = Wrap(Convert.FromHexString(deflate), []);
        Fails.With(ProverError.InvalidInput, () => GzipDecoder.Measure(gzip, Limit));
    }

    [VectorsFact]
    public void What_Noir_writes_is_decoded()
    {
        foreach (string circuit in new[] { "tiny", "small", "medium", "large" })
        {
            foreach (string name in new[] { "witness.gz", "bytecode.gz" })
            {
                string path = Places.Vector($"circuits/{circuit}/{name}");
                byte[] gzip = File.ReadAllBytes(path);
                byte[] output = new byte[GzipDecoder.Measure(gzip, Limit)];
                GzipDecoder.Decode(gzip, output);
                Assert.True(Samples.Decompress(gzip).AsSpan().SequenceEqual(output), path);
            }
        }
    }

    private static byte[] Wrap(ReadOnlySpan<byte> deflate, ReadOnlySpan<byte> content)
    {
        byte[] trailer = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.Compute(content));
        BinaryPrimitives.WriteInt32LittleEndian(trailer.AsSpan(4), content.Length);
        return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, .. deflate, .. trailer];
    }

    private static byte[] WithHeader(byte[] plain, byte flags, byte[] fields)
    {
        byte[] header = [.. plain[..10], .. fields];
        header[3] = flags;
        byte[] crc = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(crc, (ushort)Crc32.Compute(header));
        return [.. header, .. crc, .. plain[10..]];
    }
}
