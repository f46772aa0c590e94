using System.Text;

namespace Init.Eif;

/// <summary>An image that <see cref="EifReader"/> read: whole, its checksum right. Owned by one thread, as its stream is.</summary>
public sealed class EifImage
{
    /// <summary>What the parent must give an enclave, in multiples of its image (nitro-cli's E26).</summary>
    public const int MemoryFactor = 4;

    private readonly Stream _stream;

    internal EifImage(
        Stream stream,
        EifHeader header,
        IReadOnlyList<EifSection> sections,
        EifMeasurements measurements,
        byte[] commandLine,
        byte[]? metadata,
        EifSignature? signature)
    {
        _stream = stream;
        Header = header;
        Sections = sections;
        Measurements = measurements;
        CommandLine = Encoding.Latin1.GetString(commandLine);
        Metadata = metadata is null ? default(ReadOnlyMemory<byte>?) : metadata;
        Signature = signature;
        SizeBytes = stream.Length;
    }

    /// <summary>What the header says.</summary>
    public EifHeader Header { get; }

    /// <summary>The sections in their order.</summary>
    public IReadOnlyList<EifSection> Sections { get; }

    /// <summary>What the NSM will attest of it.</summary>
    public EifMeasurements Measurements { get; }

    /// <summary>The kernel's command line, a character a byte. As untrusted as the file: it may hold control characters.</summary>
    public string CommandLine { get; }

    /// <summary>The metadata, a JSON object in UTF-8; null where there is none. Not measured.</summary>
    public ReadOnlyMemory<byte>? Metadata { get; }

    /// <summary>The signature, not verified; null where there is none.</summary>
    public EifSignature? Signature { get; }

    /// <summary>The size of the file.</summary>
    public long SizeBytes { get; }

    /// <summary>The least memory that the parent must reserve for an enclave of this image.</summary>
    public long MinMemoryBytes => MemoryFactor * SizeBytes;

    /// <summary>A section's body, to read. It shares the image's stream: one at a time.</summary>
    public Stream OpenSection(EifSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new SectionStream(_stream, section.BodyOffset, section.SizeBytes);
    }

    internal void CopyTo(Stream target, long lengthBytes)
    {
        _stream.Position = 0;
        StreamPieces.Read(_stream, lengthBytes, target.Write);
    }
}
