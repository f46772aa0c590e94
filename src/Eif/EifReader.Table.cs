using System.Buffers.Binary;

namespace Init.Eif;

/// <content>The header's table against the sections' own headers and the file's size.</content>
public static partial class EifReader
{
    private static List<EifSection> ReadTable(Stream stream, ReadOnlySpan<byte> header)
    {
        int count = BinaryPrimitives.ReadUInt16BigEndian(header[EifFormat.SectionCountOffset..]);
        if (count is 0 or > EifFormat.MaxSections)
        {
            throw new EifException(EifError.TooManySections, $"read image: {count} sections, 1 to {EifFormat.MaxSections} are allowed");
        }

        List<EifSection> sections = [];
        long end = EifFormat.HeaderBytes;
        for (int i = 0; i < count; i++)
        {
            EifSection section = ReadSection(
                stream,
                i,
                EifFormat.SlotOf(header, EifFormat.OffsetsOffset, i),
                EifFormat.SlotOf(header, EifFormat.SizesOffset, i),
                end);
            sections.Add(section);
            end = section.BodyOffset + section.SizeBytes;
        }

        for (int i = count; i < EifFormat.MaxSections; i++)
        {
            if (EifFormat.SlotOf(header, EifFormat.OffsetsOffset, i) != 0 || EifFormat.SlotOf(header, EifFormat.SizesOffset, i) != 0)
            {
                throw new EifException(EifError.SectionLayout, $"read section {i}: the table has it, the header counts {count}");
            }
        }

        return end == stream.Length
            ? sections
            : throw new EifException(EifError.SectionLayout, $"read image: {stream.Length - end} bytes behind {sections[^1].Label}");
    }

    private static EifSection ReadSection(Stream stream, int index, ulong offset, ulong size, long previousEnd)
    {
        if (offset != (ulong)previousEnd)
        {
            string how = offset < (ulong)previousEnd ? "overlaps what is before it" : "leaves a gap";
            throw new EifException(EifError.SectionLayout, $"read section {index}: at byte {offset} it {how}, expected {previousEnd}");
        }

        long room = stream.Length - previousEnd - EifFormat.SectionHeaderBytes;
        if (room < 0)
        {
            throw new EifException(EifError.SectionLayout, $"read section {index}: its header at byte {offset} reaches beyond the file");
        }

        Span<byte> header = stackalloc byte[EifFormat.SectionHeaderBytes];
        stream.Position = previousEnd;
        stream.ReadExactly(header);
        var type = (EifSectionType)BinaryPrimitives.ReadUInt16BigEndian(header[EifFormat.SectionTypeOffset..]);
        string label = EifFormat.Label(index, type);
        if (!Enum.IsDefined(type))
        {
            throw new EifException(EifError.SectionOrder, $"read {label}: types are 1 to 5");
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(header[EifFormat.SectionFlagsOffset..]) != 0)
        {
            throw new EifException(EifError.UnsupportedFlags, $"read {label}: its flags must be zero");
        }

        ulong ownSize = BinaryPrimitives.ReadUInt64BigEndian(header[EifFormat.SectionSizeOffset..]);
        if (ownSize != size)
        {
            throw new EifException(EifError.SectionLayout, $"read {label}: {ownSize} bytes by its own header, {size} by the image's");
        }

        return size <= (ulong)room
            ? new EifSection(index, type, previousEnd + EifFormat.SectionHeaderBytes, (long)size)
            : throw new EifException(
                EifError.SectionLayout, $"read {label}: its {size} bytes reach beyond the file, by {size - (ulong)room}");
    }
}
