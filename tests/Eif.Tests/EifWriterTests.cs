using System.Buffers.Binary;
using System.Text;

namespace Init.Eif.Tests;

public sealed class EifWriterTests
{
    [Fact]
    public void The_header_says_what_nitro_cli_writes()
    {
        byte[] image = SampleImage.Write();
        Assert.Equal(".eif"u8, image.AsSpan(0, 4));
        Assert.Equal(4, BinaryPrimitives.ReadUInt16BigEndian(image.AsSpan(4)));
        Assert.Equal(0, BinaryPrimitives.ReadUInt16BigEndian(image.AsSpan(6)));
        Assert.Equal(1ul << 30, BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan(8)));
        Assert.Equal(2ul, BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan(16)));
        Assert.Equal(0, BinaryPrimitives.ReadUInt16BigEndian(image.AsSpan(24)));
        Assert.Equal(4, BinaryPrimitives.ReadUInt16BigEndian(image.AsSpan(26)));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(image.AsSpan(540)));
        Assert.Equal(
            SampleImage.SlowCrc([.. image[..544], .. image[548..]]), BinaryPrimitives.ReadUInt32BigEndian(image.AsSpan(544)));
    }

    [Fact]
    public void Sections_follow_each_other_in_order_each_behind_its_own_header()
    {
        byte[] image = SampleImage.Write(ramdisks: [SampleImage.FirstRamdisk, SampleImage.SecondRamdisk]);
        (int Type, byte[] Body)[] expected =
        [
            (1, SampleImage.Kernel), (2, Encoding.ASCII.GetBytes(SampleImage.CommandLine)), (5, SampleImage.Metadata),
            (3, SampleImage.FirstRamdisk), (3, SampleImage.SecondRamdisk),
        ];
        int offset = 548;
        for (int i = 0; i < expected.Length; i++)
        {
            (int type, byte[] body) = expected[i];
            Assert.Equal((ulong)offset, BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan(28 + (8 * i))));
            Assert.Equal((ulong)body.Length, BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan(284 + (8 * i))));
            Assert.Equal(type, BinaryPrimitives.ReadUInt16BigEndian(image.AsSpan(offset)));
            Assert.Equal(0, BinaryPrimitives.ReadUInt16BigEndian(image.AsSpan(offset + 2)));
            Assert.Equal((ulong)body.Length, BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan(offset + 4)));
            Assert.Equal(body, image.AsSpan(offset + 12, body.Length));
            offset += 12 + body.Length;
        }

        Assert.Equal(offset, image.Length);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        EifImage image = SampleImage.Read(SampleImage.Write(ramdisks: [SampleImage.FirstRamdisk, SampleImage.SecondRamdisk]));
        Assert.False(image.Header.IsArm64);
        Assert.Equal(SampleImage.CommandLine, image.CommandLine);
        Assert.Equal(SampleImage.Metadata, image.Metadata!.Value.ToArray());
        byte[][] bodies = [.. image.Sections.Select(s => Body(image, s))];
        Assert.Equal(SampleImage.Kernel, bodies[0]);
        Assert.Equal(SampleImage.FirstRamdisk, bodies[3]);
        Assert.Equal(SampleImage.SecondRamdisk, bodies[4]);
        Assert.Equal(4 * image.SizeBytes, image.MinMemoryBytes);
    }

    [Fact]
    public void An_image_for_arm64_says_so()
    {
        using MemoryStream target = new();
        EifWriter.Write(target, SampleImage.Contents() with { IsArm64 = true });
        Assert.True(SampleImage.Read(target.ToArray()).Header.IsArm64);
    }

    [Fact]
    public void An_image_needs_no_metadata()
    {
        using MemoryStream target = new();
        EifWriter.Write(target, SampleImage.Contents() with { Metadata = default });
        EifImage image = SampleImage.Read(target.ToArray());
        Assert.Null(image.Metadata);
        Assert.Equal(3, image.Sections.Count);
    }

    [Fact]
    public void A_longer_file_that_was_there_leaves_nothing_behind()
    {
        using MemoryStream target = new();
        target.Write(new byte[100_000]);
        EifWriter.Write(target, SampleImage.Contents());
        Assert.Equal(SampleImage.Write(), target.ToArray());
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("a\nb", "character 1")]
    [InlineData("a\0", "character 1")]
    [InlineData("\u00e9", "character 0")]
    [InlineData("a=\"b c\"", "quotation mark")]
    public void A_command_line_that_the_kernel_would_read_differently_is_refused(string commandLine, string cause) =>
        Fails.With(EifError.InvalidInput, cause, () => SampleImage.Write(commandLine: commandLine));

    [Fact]
    public void A_command_line_leaves_room_for_the_hypervisors_words()
    {
        SampleImage.Write(commandLine: new string('a', 1024));
        Fails.With(EifError.InvalidInput, "1025 bytes", () => SampleImage.Write(commandLine: new string('a', 1025)));
    }

    [Fact]
    public void An_empty_section_is_refused_by_name() =>
        Fails.With(EifError.InvalidInput, "section 0 (kernel)", () => SampleImage.Write(kernel: []));

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Too_few_and_too_many_ramdisks_are_refused(int count)
    {
        EifContents contents = SampleImage.Contents() with { Ramdisks = [.. Enumerable.Repeat<SectionBody>(t => t.WriteByte(1), count)] };
        Fails.With(EifError.InvalidInput, $"{count} ramdisks", () => EifWriter.Write(new MemoryStream(), contents));
    }

    [Fact]
    public void As_many_sections_as_the_table_holds_are_written_and_read()
    {
        EifContents contents = SampleImage.Contents() with { Ramdisks = [.. Enumerable.Repeat<SectionBody>(t => t.WriteByte(1), 29)] };
        using MemoryStream target = new();
        EifWriter.Write(target, contents);
        Assert.Equal(32, SampleImage.Read(target.ToArray()).Sections.Count);
    }

    private static byte[] Body(EifImage image, EifSection section)
    {
        using Stream body = image.OpenSection(section);
        using MemoryStream copy = new();
        body.CopyTo(copy);
        return copy.ToArray();
    }
}
