using System.Text;

namespace Init.Wire.Tests;

public sealed class Crc32CTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xe3069283u)]
    public void Text_has_its_known_checksum(string text, uint checksum) =>
        Assert.Equal(checksum, Crc32C.Compute(Encoding.ASCII.GetBytes(text)));

    // RFC 3720 appendix B.4, whose CRC bytes are little-endian.
    [Fact]
    public void The_RFC_s_examples_have_their_checksums()
    {
        Assert.Equal(0x8a9136aau, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62a8ab43u, Crc32C.Compute([.. Enumerable.Repeat((byte)0xff, 32)]));
        Assert.Equal(0x46dd794eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0x113fdb5cu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))]));
    }

    [Fact]
    public void Bytes_in_pieces_have_the_checksum_of_the_whole_wherever_they_are_cut()
    {
        byte[] bytes = new byte[67];
        new Random(1).NextBytes(bytes);
        uint whole = BitByBit(bytes);
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second++)
            {
                Assert.Equal(whole, Crc32C.Compute(Segments.Of(bytes, first, second)));
            }
        }
    }

    [Fact]
    public void Long_pieces_have_the_checksum_that_short_ones_have()
    {
        byte[] bytes = new byte[Crc32C.LeastFoldedBytes + 2100];
        new Random(2).NextBytes(bytes);
        for (int start = 0; start < 20; start++)
        {
            for (int length = Crc32C.LeastFoldedBytes - 1; start + length <= bytes.Length; length += 1 + (length / 16 % 7))
            {
                byte[] piece = bytes.AsSpan(start, length).ToArray();
                Assert.Equal(BitByBit(piece), Crc32C.Compute(piece));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(1024)]
    [InlineData(65_536)]
    public void Long_pieces_go_on_where_others_ended(int firstBytes)
    {
        byte[] bytes = new byte[100_000];
        new Random(3).NextBytes(bytes);
        Crc32C crc = default;
        crc.Append(bytes.AsSpan(0, firstBytes));
        crc.Append(bytes.AsSpan(firstBytes));
        Assert.Equal(BitByBit(bytes), crc.Value);
    }

    // What a processor without carry-less multiplication computes.
    [Fact]
    public void Folded_or_not_the_checksum_is_the_same()
    {
        byte[] bytes = new byte[65_551];
        new Random(4).NextBytes(bytes);
        Assert.Equal(~Crc32C.StepByStep(uint.MaxValue, bytes), Crc32C.Compute(bytes));
    }

    [Fact]
    public void Bytes_that_another_checksum_went_over_need_not_be_looked_at_again()
    {
        byte[] bytes = new byte[1_100_000];
        Random random = new(5);
        random.NextBytes(bytes);
        int[] counts =
        [
            0, 1, 2, 3, 255, 256, 65_535, 65_536, 114_663, 1_048_575, 1_048_576, .. Enumerable.Range(0, 100).Select(_ => random.Next(200_000)),
        ];
        foreach (int count in counts)
        {
            int start = random.Next(40_000);
            Crc32C before = default, after, other = default;
            before.Append(bytes.AsSpan(0, start));
            after = before;
            after.Append(bytes.AsSpan(start, count));
            byte[] head = bytes.AsSpan(7, random.Next(50)).ToArray();
            other.Append(head);
            other.Append(new KnownBytes(before, after, count));
            other.Append("more"u8);
            byte[] whole = [.. head, .. bytes.AsSpan(start, count), .. "more"u8];
            Assert.Equal(Crc32C.Compute(whole), other.Value);
        }
    }

    private static uint BitByBit(byte[] bytes)
    {
        uint register = uint.MaxValue;
        foreach (byte b in bytes)
        {
            register ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register >> 1) ^ ((register & 1) * 0x82f63b78u);
            }
        }

        return ~register;
    }
}
