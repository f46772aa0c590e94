using System.Buffers.Binary;
using System.Text;

namespace Init.Eif.Tests;

public sealed class EifReaderTests
{
    // kernel 0, command line 1, metadata 2, ramdisk 3
    private static readonly byte[] Image = SampleImage.Write();

    private static readonly EifImage Parsed = SampleImage.Read(Image);

    [Theory]
    [InlineData(0)]
    [InlineData(547)]
    public void A_file_shorter_than_the_header_is_refused(int length) => Refused(EifError.Truncated, $"{length} bytes", Image[..length]);

    [Fact]
    public void Another_magic_is_refused() => Refused(EifError.BadMagic, ".eif", SampleImage.With(Image, 0, (byte)'e'));

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Another_version_is_refused(byte version) =>
        Refused(EifError.UnsupportedVersion, $"version {version}", SampleImage.With(Image, 5, version));

    [Theory]
    [InlineData(7, 2)]
    [InlineData(6, 1)]
    [InlineData(25, 1)]
    [InlineData(543, 1)]
    public void A_reserved_bit_is_refused(int offset, byte value) =>
        Refused(EifError.UnsupportedFlags, "bit 0", SampleImage.With(Image, offset, value));

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    public void No_section_and_more_than_the_table_holds_are_refused(byte count) =>
        Refused(EifError.TooManySections, $"{count} sections", SampleImage.With(Image, 27, count));

    [Fact]
    public void A_section_that_the_header_does_not_count_is_refused() =>
        Refused(EifError.SectionLayout, "section 3: the table has it", SampleImage.With(Image, 27, 3));

    [Fact]
    public void A_section_that_overlaps_the_one_before_is_refused_by_name() =>
        Refused(EifError.SectionLayout, "section 1: at byte", WithOffset(1, o => o - 1), "overlaps");

    [Fact]
    public void A_gap_before_a_section_is_refused_by_name() =>
        Refused(EifError.SectionLayout, "section 2: at byte", WithOffset(2, o => o + 1), "gap");

    [Fact]
    public void An_offset_beyond_any_file_is_refused_by_name() =>
        Refused(EifError.SectionLayout, "section 3: at byte", WithOffset(3, _ => ulong.MaxValue), "gap");

    [Fact]
    public void A_section_beyond_the_file_is_refused_by_name() => Refused(
        EifError.SectionLayout, "section 3 (ramdisk)", WithSize(3, Parsed.Sections[3].SizeBytes + 1), "beyond the file, by 1");

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void A_size_that_no_file_has_is_refused_and_nothing_allocated(long size)
    {
        byte[] image = WithSize(3, size);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(EifError.SectionLayout, "section 3 (ramdisk)", image, "beyond the file");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_section_header_beyond_the_file_is_refused_by_name()
    {
        int end = (int)Parsed.Sections[3].BodyOffset - 1;
        Refused(EifError.SectionLayout, "section 3: its header", SampleImage.Checksummed(Image[..end]), "beyond the file");
    }

    [Fact]
    public void Sizes_that_contradict_each_other_are_refused_by_name() => Refused(
        EifError.SectionLayout,
        "section 0 (kernel): 999 bytes by its own header, 1000",
        SampleImage.With(Image, 548 + 10, 999 >> 8, 999 & 255));

    [Fact]
    public void Bytes_behind_the_last_section_are_refused() =>
        Refused(EifError.SectionLayout, "1 bytes behind section 3 (ramdisk)", SampleImage.Checksummed([.. Image, 0]));

    [Fact]
    public void Flags_of_a_section_are_refused_by_name() => Refused(
        EifError.UnsupportedFlags, "section 1 (command line)", SampleImage.With(Image, (int)Parsed.Sections[1].BodyOffset - 12 + 3, 1));

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(0x100)]
    public void An_unknown_type_is_refused_by_name(int type) => Refused(
        EifError.SectionOrder, $"section 0 (unknown type {type})", SampleImage.With(Image, 548, (byte)(type >> 8), (byte)type));

    [Theory]
    [InlineData(0, EifSectionType.CommandLine, "section 1 (command line): it may not")]
    [InlineData(0, EifSectionType.Ramdisk, "section 1 (command line): it may not")]
    [InlineData(1, EifSectionType.Kernel, "section 1 (kernel): it may not")]
    [InlineData(1, EifSectionType.Metadata, "section 2 (metadata): it may not")]
    [InlineData(2, EifSectionType.Signature, "section 3 (ramdisk): it may not")]
    [InlineData(3, EifSectionType.CommandLine, "section 3 (command line): it may not")]
    [InlineData(3, EifSectionType.Signature, "it has no ramdisk")]
    [InlineData(1, EifSectionType.Ramdisk, "section 2 (metadata): it may not")]
    public void Sections_in_another_order_are_refused_by_name(int index, EifSectionType type, string message) => Refused(
        EifError.SectionOrder, message, SampleImage.With(Image, (int)Parsed.Sections[index].BodyOffset - 12, 0, (byte)type));

    [Fact]
    public void Two_signatures_are_refused()
    {
        byte[] one = SampleImage.WithSection(Image, EifSectionType.Signature, SignatureTests.Section());
        byte[] two = SampleImage.WithSection(one, EifSectionType.Signature, SignatureTests.Section());
        Refused(EifError.SectionOrder, "section 5 (signature)", two);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(548 + 500)]
    [InlineData(547)]
    public void A_changed_byte_is_refused(int offset)
    {
        byte[] changed = [.. Image];
        changed[offset] ^= 1;
        Refused(EifError.ChecksumMismatch, "CRC-32", changed);
    }

    [Theory]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{", "not JSON")]
    [InlineData("{} {}", "not JSON")]
    public void Metadata_that_is_no_json_object_is_refused(string json, string cause) =>
        Refused(EifError.Metadata, cause, SampleImage.Write(metadata: Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Sections_that_are_held_in_memory_have_limits()
    {
        byte[] longLine = [.. SampleImage.With(Image, 27, 1)[..(548 + 12 + 1000)]];
        BinaryPrimitives.WriteUInt64BigEndian(longLine.AsSpan(28 + 8), 0);
        longLine.AsSpan(36, 24).Clear();
        longLine.AsSpan(292, 24).Clear();
        longLine = SampleImage.WithSection(longLine, EifSectionType.CommandLine, new byte[EifReader.MaxCommandLineBytes + 1]);
        longLine = SampleImage.WithSection(longLine, EifSectionType.Ramdisk, [1]);
        Refused(EifError.SectionTooLarge, "section 1 (command line): 4097 bytes", longLine);
        Refused(
            EifError.SectionTooLarge, "section 2 (metadata)", SampleImage.Write(metadata: new byte[EifReader.MaxMetadataBytes + 1]));
        Refused(
            EifError.SectionTooLarge,
            "section 4 (signature)",
            SampleImage.WithSection(Image, EifSectionType.Signature, new byte[EifReader.MaxSignatureBytes + 1]));
    }

    [Fact]
    public void An_image_as_nitro_cli_makes_it_is_read()
    {
        // Two ramdisks, the command line of AWS, and a signature.
        byte[] image = SampleImage.WithSection(
            SampleImage.Write(ramdisks: [SampleImage.FirstRamdisk, SampleImage.SecondRamdisk]),
            EifSectionType.Signature,
            SignatureTests.Section());
        EifImage read = SampleImage.Read(image);
        Assert.Equal(
            ["kernel", "command line", "metadata", "ramdisk", "ramdisk", "signature"], read.Sections.Select(s => s.Name));
        Assert.NotNull(read.Measurements.Pcr8);
        Assert.NotEqual(EifMeasurements.Pcr2OfOneRamdisk, read.Measurements.Pcr2);
    }

    private static byte[] WithOffset(int index, Func<ulong, ulong> change)
    {
        byte[] slot = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(slot, change((ulong)Parsed.Sections[index].BodyOffset - 12));
        return SampleImage.With(Image, 28 + (8 * index), slot);
    }

    private static byte[] WithSize(int index, long size)
    {
        byte[] slot = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(slot, size);
        byte[] image = SampleImage.With(Image, 284 + (8 * index), slot);
        return SampleImage.With(image, (int)Parsed.Sections[index].BodyOffset - 8, slot);
    }

    private static void Refused(EifError error, string text, byte[] image, string? alsoText = null)
    {
        Fails.With(error, text, () => SampleImage.Read(image));
        Fails.With(error, alsoText ?? text, () => SampleImage.Read(image));
    }
}
