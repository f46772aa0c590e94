using System.Security.Cryptography;
using System.Text;
using Init.Prover.Crs;

namespace Init.Prover.Tests.Crs;

public sealed class Sha256Tests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void The_standards_examples_hold(string text, string digest) =>
        Assert.Equal(digest, Convert.ToHexStringLower(Sha256.Hash(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Every_length_around_the_block_boundaries_agrees_with_the_platform()
    {
        byte[] data = new byte[1_000];
        new Random(1).NextBytes(data);
        for (int length = 0; length <= 300; length++)
        {
            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), Sha256.Hash(data.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Pieces_of_any_length_give_the_digest_of_the_whole()
    {
        var random = new Random(2);
        byte[] data = new byte[5_000];
        random.NextBytes(data);
        for (int i = 0; i < 200; i++)
        {
            var hash = new Sha256();
            for (int position = 0; position < data.Length;)
            {
                int piece = Math.Min(random.Next(0, 200), data.Length - position);
                hash.Append(data.AsSpan(position, piece));
                position += piece;
            }

            Assert.Equal(SHA256.HashData(data), hash.Finish());
        }
    }
}
