using System.Buffers.Binary;
using System.Text;

namespace Init.Eif;

/// <summary>Writes enclave image files. The same contents give the same bytes.</summary>
public static class EifWriter
{
    // What nitro-cli writes; its run-enclave asks for its own numbers, and so does everybody else.
    private const ulong DefaultMemoryBytes = 1 << 30;
    private const ulong DefaultCpus = 2;

    /// <summary>Writes an image over whatever <paramref name="target"/> held.</summary>
    /// <param name="target">Seekable, readable and writable: sizes and the checksum are known only at the end.</param>
    /// <param name="contents">What goes in.</param>
    /// <exception cref="EifException"><see cref="EifError.InvalidInput"/>: contents that no image may have.</exception>
    public static void Write(Stream target, EifContents contents)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(contents);
        KernelCommandLine.Check(contents.CommandLine);
        List<(EifSectionType Type, SectionBody Body)> sections = Sections(contents);

        byte[] header = NewHeader(contents.IsArm64, sections.Count);
        target.SetLength(EifFormat.HeaderBytes);
        for (int i = 0; i < sections.Count; i++)
        {
            long offset = target.Length;
            long sizeBytes = WriteSection(target, offset, EifFormat.Label(i, sections[i].Type), sections[i]);
            PutSlot(header, EifFormat.OffsetsOffset, i, offset);
            PutSlot(header, EifFormat.SizesOffset, i, sizeBytes);
        }

        WriteAt(target, 0, header);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(EifFormat.ChecksumOffset), ChecksumOf(target));
        WriteAt(target, 0, header);
        target.Flush();
    }

    /// <summary>Adds a section behind all others of an image, and counts it in the header.</summary>
    internal static void Append(Stream image, EifSection section, byte[] body)
    {
        WriteSection(image, image.Length, section.Label, (section.Type, target => target.Write(body)));
        byte[] header = new byte[EifFormat.HeaderBytes];
        image.Position = 0;
        image.ReadExactly(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(EifFormat.SectionCountOffset), (ushort)(section.Index + 1));
        PutSlot(header, EifFormat.OffsetsOffset, section.Index, section.BodyOffset - EifFormat.SectionHeaderBytes);
        PutSlot(header, EifFormat.SizesOffset, section.Index, body.Length);
        WriteAt(image, 0, header);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(EifFormat.ChecksumOffset), ChecksumOf(image));
        WriteAt(image, 0, header);
        image.Flush();
    }

    private static List<(EifSectionType Type, SectionBody Body)> Sections(EifContents contents)
    {
        List<(EifSectionType, SectionBody)> sections =
        [
            (EifSectionType.Kernel, contents.Kernel),
            (EifSectionType.CommandLine, target => target.Write(Encoding.ASCII.GetBytes(contents.CommandLine))),
        ];
        if (!contents.Metadata.IsEmpty)
        {
            sections.Add((EifSectionType.Metadata, target => target.Write(contents.Metadata.Span)));
        }

        sections.AddRange(contents.Ramdisks.Select(body => (EifSectionType.Ramdisk, body)));
        if (contents.Ramdisks.Count == 0 || sections.Count > EifFormat.MaxSections)
        {
            throw new EifException(
                EifError.InvalidInput,
                $"write image: {contents.Ramdisks.Count} ramdisks; an image has one or more, and {EifFormat.MaxSections} sections at most");
        }

        return sections;
    }

    private static byte[] NewHeader(bool isArm64, int sectionCount)
    {
        byte[] header = new byte[EifFormat.HeaderBytes];
        EifFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(EifFormat.VersionOffset), EifFormat.Version);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(EifFormat.FlagsOffset), isArm64 ? EifFormat.Arm64Flag : (ushort)0);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(EifFormat.DefaultMemoryOffset), DefaultMemoryBytes);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(EifFormat.DefaultCpusOffset), DefaultCpus);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(EifFormat.SectionCountOffset), (ushort)sectionCount);
        return header;
    }

    private static long WriteSection(Stream target, long offset, string label, (EifSectionType Type, SectionBody Body) section)
    {
        Span<byte> header = stackalloc byte[EifFormat.SectionHeaderBytes];
        header.Clear();
        WriteAt(target, offset, header);
        section.Body(target);
        target.Flush();
        long sizeBytes = target.Length - offset - EifFormat.SectionHeaderBytes;
        if (sizeBytes <= 0)
        {
            throw new EifException(EifError.InvalidInput, $"write {label}: it is empty");
        }

        BinaryPrimitives.WriteUInt16BigEndian(header[EifFormat.SectionTypeOffset..], (ushort)section.Type);
        BinaryPrimitives.WriteUInt64BigEndian(header[EifFormat.SectionSizeOffset..], (ulong)sizeBytes);
        WriteAt(target, offset, header);
        return sizeBytes;
    }

    private static uint ChecksumOf(Stream image)
    {
        Crc32 crc = default;
        image.Position = 0;
        StreamPieces.Read(image, EifFormat.ChecksumOffset, piece => crc.Append(piece));
        image.Position = EifFormat.HeaderBytes;
        StreamPieces.Read(image, image.Length - EifFormat.HeaderBytes, piece => crc.Append(piece));
        return crc.Value;
    }

    private static void PutSlot(Span<byte> header, int tableOffset, int index, long value) =>
        BinaryPrimitives.WriteUInt64BigEndian(header[(tableOffset + (index * sizeof(ulong)))..], (ulong)value);

    private static void WriteAt(Stream target, long position, ReadOnlySpan<byte> bytes)
    {
        target.Position = position;
        target.Write(bytes);
    }
}
