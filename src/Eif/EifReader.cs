using System.Buffers.Binary;
using System.Text.Json;

namespace Init.Eif;

/// <summary>
/// Reads enclave image files, nitro-cli's too: checks their structure and checksum and measures them in one pass. Strict: what the
/// format does not say is refused, with the section named.
/// </summary>
public static partial class EifReader
{
    /// <summary>Twice the kernel's own limit.</summary>
    internal const int MaxCommandLineBytes = 4096;

    internal const int MaxMetadataBytes = 1 << 20;

    /// <summary>The limit of AWS's writer.</summary>
    internal const int MaxSignatureBytes = 32 << 10;

    /// <summary>Each type stands once at most, but for the ramdisks.</summary>
    private static readonly EifSectionType[] Order =
        [EifSectionType.Kernel, EifSectionType.CommandLine, EifSectionType.Metadata, EifSectionType.Ramdisk, EifSectionType.Signature];

    private static readonly EifSectionType[] Needed = [EifSectionType.Kernel, EifSectionType.CommandLine, EifSectionType.Ramdisk];

    /// <summary>Reads an image.</summary>
    /// <param name="stream">Seekable; the image is all of it. The image returned goes on using it.</param>
    /// <exception cref="EifException">With the section named where there is one.</exception>
    public static EifImage Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] header = new byte[EifFormat.HeaderBytes];
        stream.Position = 0;
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            throw new EifException(EifError.Truncated, $"read image: {stream.Length} bytes, its header alone has {header.Length}");
        }

        EifHeader fields = ReadFields(header);
        List<EifSection> sections = ReadTable(stream, header);
        CheckOrder(sections);
        return ReadBodies(stream, header, fields, sections);
    }

    private static EifHeader ReadFields(ReadOnlySpan<byte> header)
    {
        if (!header[EifFormat.MagicOffset..].StartsWith(EifFormat.Magic))
        {
            throw new EifException(EifError.BadMagic, "read image: it does not begin with .eif");
        }

        ushort version = BinaryPrimitives.ReadUInt16BigEndian(header[EifFormat.VersionOffset..]);
        if (version != EifFormat.Version)
        {
            throw new EifException(EifError.UnsupportedVersion, $"read image: version {version}, expected {EifFormat.Version}");
        }

        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(header[EifFormat.FlagsOffset..]);
        ushort reserved = BinaryPrimitives.ReadUInt16BigEndian(header[EifFormat.ReservedOffset..]);
        uint unused = BinaryPrimitives.ReadUInt32BigEndian(header[EifFormat.UnusedOffset..]);
        if ((flags & ~EifFormat.Arm64Flag) != 0 || reserved != 0 || unused != 0)
        {
            throw new EifException(
                EifError.UnsupportedFlags,
                $"read image: flags {flags:x4}, reserved {reserved:x4} and {unused:x8}: bit 0 of the flags alone is defined");
        }

        return new EifHeader(
            flags != 0,
            BinaryPrimitives.ReadUInt64BigEndian(header[EifFormat.DefaultMemoryOffset..]),
            BinaryPrimitives.ReadUInt64BigEndian(header[EifFormat.DefaultCpusOffset..]),
            BinaryPrimitives.ReadUInt32BigEndian(header[EifFormat.ChecksumOffset..]));
    }

    private static void CheckOrder(List<EifSection> sections)
    {
        int place = 0;
        foreach (EifSection section in sections)
        {
            int found = Array.IndexOf(Order, section.Type, place);
            if (found < 0)
            {
                throw new EifException(EifError.SectionOrder, $"read {section.Label}: it may not stand here");
            }

            place = section.Type == EifSectionType.Ramdisk ? found : found + 1;
        }

        foreach (EifSectionType needed in Needed)
        {
            if (!sections.Exists(s => s.Type == needed))
            {
                throw new EifException(EifError.SectionOrder, $"read image: it has no {EifFormat.Name(needed)}");
            }
        }
    }

    private static EifImage ReadBodies(Stream stream, byte[] header, EifHeader fields, List<EifSection> sections)
    {
        byte[] commandLine = ReadSmall(stream, sections, EifSectionType.CommandLine, MaxCommandLineBytes)!;
        byte[]? metadata = ReadSmall(stream, sections, EifSectionType.Metadata, MaxMetadataBytes);
        byte[]? signature = ReadSmall(stream, sections, EifSectionType.Signature, MaxSignatureBytes);
        (uint checksum, EifMeasurements measurements) = Measure(stream, header, sections);
        if (checksum != fields.Checksum)
        {
            throw new EifException(
                EifError.ChecksumMismatch, $"read image: CRC-32 {checksum:x8}, the header says {fields.Checksum:x8}");
        }

        CheckMetadata(metadata);
        EifSignature? parsed = signature is null ? null : EifSignature.Read(signature);
        return new EifImage(
            stream, fields, sections, measurements with { Pcr8 = parsed?.CertificateMeasurement }, commandLine, metadata, parsed);
    }

    /// <summary>One pass over the file for the checksum and all registers but PCR8.</summary>
    private static (uint Checksum, EifMeasurements Measurements) Measure(Stream stream, byte[] header, List<EifSection> sections)
    {
        using PcrHash whole = new();
        using PcrHash otherRamdisks = new();
        Crc32 crc = default;
        crc.Append(header.AsSpan(0, EifFormat.ChecksumOffset));
        string? pcr1 = null;
        foreach (EifSection section in sections)
        {
            bool isMeasured = section.Type is EifSectionType.Kernel or EifSectionType.CommandLine or EifSectionType.Ramdisk;
            bool isOtherRamdisk = section.Type == EifSectionType.Ramdisk && pcr1 is not null;
            stream.Position = section.BodyOffset - EifFormat.SectionHeaderBytes;
            StreamPieces.Read(stream, EifFormat.SectionHeaderBytes, piece => crc.Append(piece));
            StreamPieces.Read(stream, section.SizeBytes, piece =>
            {
                crc.Append(piece);
                if (isMeasured)
                {
                    whole.Append(piece);
                }

                if (isOtherRamdisk)
                {
                    otherRamdisks.Append(piece);
                }
            });
            if (section.Type == EifSectionType.Ramdisk)
            {
                pcr1 ??= whole.Value();
            }
        }

        return (crc.Value, new EifMeasurements(whole.Value(), pcr1!, otherRamdisks.Value()));
    }

    private static byte[]? ReadSmall(Stream stream, List<EifSection> sections, EifSectionType type, int maxBytes)
    {
        EifSection? section = sections.Find(s => s.Type == type);
        if (section is null)
        {
            return null;
        }

        if (section.SizeBytes > maxBytes)
        {
            throw new EifException(
                EifError.SectionTooLarge, $"read {section.Label}: {section.SizeBytes} bytes, at most {maxBytes} are allowed");
        }

        byte[] body = new byte[section.SizeBytes];
        stream.Position = section.BodyOffset;
        stream.ReadExactly(body);
        return body;
    }

    private static void CheckMetadata(byte[]? metadata)
    {
        if (metadata is null)
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(metadata);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new EifException(EifError.Metadata, "read metadata: not a JSON object");
            }
        }
        catch (JsonException e)
        {
            throw new EifException(EifError.Metadata, "read metadata: not JSON", e);
        }
    }
}
