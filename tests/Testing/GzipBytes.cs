using System.IO.Compression;

namespace Init.Testing;

/// <summary>Gzip by .NET's own implementation.</summary>
public static class GzipBytes
{
    public static byte[] Compress(byte[] plain)
    {
        MemoryStream compressed = new();
        using (GZipStream stream = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(plain);
        }

        return compressed.ToArray();
    }

    public static byte[] Decompress(byte[] compressed)
    {
        using GZipStream stream = new(new MemoryStream(compressed), CompressionMode.Decompress);
        MemoryStream plain = new();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
