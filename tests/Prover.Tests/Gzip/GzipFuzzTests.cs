using System.Diagnostics;
using System.IO.Compression;
using Init.Prover.Gzip;
using Xunit.Abstractions;

namespace Init.Prover.Tests.Gzip;

public sealed class GzipFuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_mutated_file_is_decoded_as_zlib_does_or_refused()
    {
        var random = new Random(11);
        var watch = Stopwatch.StartNew();
        byte[][] seeds =
        [
            .. from size in new[] { 1, 100, 3000 }
               from content in Samples.Of(size)
               from level in new[] { CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize }
               select Samples.Compress(content, level),
        ];
        int decoded = 0;
        int refused = 0;
        for (int i = 0; i < 10_000 && watch.Elapsed < Bound; i++)
        {
            byte[] gzip = Mutate([.. seeds[random.Next(seeds.Length)]], random);
            try
            {
                byte[] content = new byte[GzipDecoder.Measure(gzip, 1 << 20)];
                GzipDecoder.Decode(gzip, content);
                Assert.True(Samples.Decompress(gzip).AsSpan().SequenceEqual(content));
                decoded++;
            }
            catch (ProverException e)
            {
                Assert.True(e.Error is ProverError.InvalidInput or ProverError.TooLarge, e.Message);
                refused++;
            }
        }

        Assert.True(decoded > 50 && refused > 5_000, $"{decoded} decoded, {refused} refused");
    }

    [Fact]
    public void Both_passes_agree_on_mutated_streams()
    {
        // Without the trailer's help: what Measure counts, the platform's inflater produces too.
        var random = new Random(12);
        byte[] seed = Samples.Compress(Samples.Of(3000)[1], CompressionLevel.SmallestSize)[10..^8];
        int agreed = 0;
        for (int i = 0; i < 3_000; i++)
        {
            byte[] deflate = [.. seed];
            deflate[random.Next(deflate.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                byte[] content = new byte[Inflater.Measure(deflate, 1 << 20, out int measured)];
                Assert.Equal(content.Length, Inflater.Decode(deflate, content, out int consumed));
                Assert.Equal(measured, consumed);
                using var oracle = new DeflateStream(new MemoryStream(deflate), CompressionMode.Decompress);
                using var target = new MemoryStream();
                oracle.CopyTo(target);
                Assert.True(target.ToArray().AsSpan().SequenceEqual(content));
                agreed++;
            }
            catch (ProverException e)
            {
                Assert.Equal(ProverError.InvalidInput, e.Error);
            }
        }

        Assert.True(agreed > 100, $"{agreed} agreed");
    }

    [Fact]
    public void Decoding_is_not_slow()
    {
        // A generous floor, since tests run unoptimised and on busy machines; bench/ measures.
        byte[] content = Samples.Of(8_000_000)[1];
        byte[] gzip = Samples.Compress(content, CompressionLevel.Optimal);
        byte[] decoded = new byte[content.Length];
        GzipDecoder.Decode(gzip, decoded);
        var watch = Stopwatch.StartNew();
        GzipDecoder.Decode(gzip, decoded);
        double rate = content.Length / 1e6 / watch.Elapsed.TotalSeconds;
        output.WriteLine($"decode {rate:F0} MB/s");
        Assert.InRange(rate, 2, double.MaxValue);
    }

    private static byte[] Mutate(byte[] gzip, Random random)
    {
        for (int mutations = random.Next(1, 4); mutations > 0; mutations--)
        {
            int at = random.Next(gzip.Length);
            switch (random.Next(4))
            {
                case 0:
                    gzip[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    gzip[at] = (byte)random.Next(256);
                    break;
                case 2:
                    gzip = [.. gzip[..at], .. gzip[(at + 1)..], 0];
                    break;
                default:
                    // The header's time and system do not matter: these decode.
                    gzip[4 + random.Next(6)] = (byte)random.Next(256);
                    break;
            }
        }

        return gzip;
    }
}
