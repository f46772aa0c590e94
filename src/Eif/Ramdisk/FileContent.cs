namespace Init.Eif;

/// <summary>The bytes of one file of a ramdisk, opened when they are written.</summary>
/// <param name="SizeBytes">Their number, known before.</param>
/// <param name="Open">Opens them; whoever calls it disposes of the stream.</param>
public sealed record FileContent(long SizeBytes, Func<Stream> Open)
{
    /// <summary>A file of this machine, with the size that it has now.</summary>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    public static FileContent FromFile(string path) => new(new FileInfo(path).Length, () => File.OpenRead(path));

    /// <summary>Bytes in memory.</summary>
    public static FileContent FromBytes(ReadOnlyMemory<byte> bytes) =>
        new(bytes.Length, () => new MemoryStream(bytes.ToArray(), writable: false));
}
