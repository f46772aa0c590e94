using System.Text;

namespace Init.Eif.Tests;

public sealed class Crc32Tests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xcbf43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414fa339u)]
    public void Known_checksums(string text, uint expected)
    {
        Crc32 crc = default;
        crc.Append(Encoding.ASCII.GetBytes(text));
        Assert.Equal(expected, crc.Value);
    }

    [Fact]
    public void Pieces_of_any_size_give_the_checksum_of_the_whole()
    {
        byte[] data = new byte[257];
        new Random(1).NextBytes(data);
        uint expected = SampleImage.SlowCrc(data);
        for (int cut = 0; cut <= data.Length; cut++)
        {
            Crc32 crc = default;
            crc.Append(data.AsSpan(0, cut));
            crc.Append(data.AsSpan(cut));
            Assert.Equal(expected, crc.Value);
        }
    }
}
