using System.IO.Compression;

namespace Init.Prover.Tests.Gzip;

/// <summary>Contents of every texture, and the platform's gzip as the oracle.</summary>
internal static class Samples
{
    /// <summary>Zeros, skewed bytes that compress a little, random bytes, a short period, text that repeats at long distances.</summary>
    public static byte[][] Of(int size)
    {
        var random = new Random(size);
        byte[] skewed = new byte[size];
        byte[] noise = new byte[size];
        byte[] period = new byte[size];
        byte[] echoes = new byte[size];
        random.NextBytes(noise);
        for (int i = 0; i < size; i++)
        {
            skewed[i] = (byte)(Math.Pow(random.NextDouble(), 6) * 256);
            period[i] = (byte)(i % 7);
            echoes[i] = i >= 30_000 && random.Next(50) != 0 ? echoes[i - 30_000] : noise[i];
        }

        return [new byte[size], skewed, noise, period, echoes];
    }

    public static byte[] Compress(byte[] content, CompressionLevel level)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, level))
        {
            gzip.Write(content);
        }

        // The platform writes nothing at all for nothing at all.
        return target.ToArray() is { Length: > 0 } gzipped ? gzipped : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    public static byte[] Decompress(byte[] gzip)
    {
        using var source = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }
}
