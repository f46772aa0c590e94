using System.Text;
using Init.Eif.Tests.Ramdisk;

namespace Init.Eif.Tests;

public sealed class ImageDiffTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void An_image_does_not_differ_from_itself() => Assert.Empty(Compare(SampleImage.Write(), SampleImage.Write()));

    [Fact]
    public void Another_kernel_is_named_with_the_registers_that_change()
    {
        IReadOnlyList<ImageDifference> found = Compare(SampleImage.Write(), SampleImage.Write(kernel: [1, 2, 3]));
        Assert.Equal(["kernel  content", "PCR0  value", "PCR1  value"], Summary(found));
        Assert.StartsWith("1000 bytes, SHA-384 ", found[0].Before, StringComparison.Ordinal);
        Assert.StartsWith("3 bytes, SHA-384 ", found[0].After, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_the_command_line_are_compared_one_by_one()
    {
        IReadOnlyList<ImageDifference> found = Compare(SampleImage.Write(commandLine: "a b b c"), SampleImage.Write(commandLine: "a b d c"));
        Assert.Equal([new("command line", "b", "presence", "b", null), new("command line", "d", "presence", null, "d")], found.Take(2));
        found = Compare(SampleImage.Write(commandLine: "a b"), SampleImage.Write(commandLine: "b a"));
        Assert.Equal(new("command line", "", "order of words", "a b", "b a"), found[0]);
    }

    [Fact]
    public void The_header_and_the_metadata_change_no_register()
    {
        byte[] image = SampleImage.Write();
        Assert.Equal(["header  architecture"], Summary(Compare(image, SampleImage.With(image, 7, 1))));
        Assert.Equal(["header  default memory"], Summary(Compare(image, SampleImage.With(image, 15, 1))));
        Assert.Equal(["header  default processors"], Summary(Compare(image, SampleImage.With(image, 23, 9))));
        Assert.Equal(["metadata  content"], Summary(Compare(image, SampleImage.Write(metadata: "{}"u8.ToArray()))));
    }

    [Fact]
    public void Each_file_of_a_ramdisk_is_compared()
    {
        Initramfs before = new(), after = new();
        before.AddFile("/same", 0x1ed, Content("same"));
        after.AddFile("/same", 0x1ed, Content("same"));
        before.AddFile("/content", 0x1ed, Content("one"));
        after.AddFile("/content", 0x1ed, Content("two"));
        before.AddFile("/mode", 0x1ed, Content("m"));
        after.AddFile("/mode", 0x124, Content("m"));
        before.AddFile("/archive", 0x1ed, Content("a"), isCompressed: true);
        after.AddFile("/archive", 0x1ed, Content("a"), isCompressed: false);
        before.AddFile("/gone", 0x1ed, Content("g"));
        after.AddFile("/new", 0x1ed, Content("n"));
        before.AddFolder("/type");
        after.AddFile("/type", 0x1ed, Content(""));
        before.AddCharacterDevice("/device", 0x180, 5, 1);
        after.AddCharacterDevice("/device", 0x180, 5, 2);
        IReadOnlyList<ImageDifference> found = Compare(Image(before), Image(after));
        Assert.Equal(
            [
                "ramdisk 0 /archive archive", "ramdisk 0 /content content", "ramdisk 0 /device device", "ramdisk 0 /gone presence",
                "ramdisk 0 /mode mode", "ramdisk 0 /new presence", "ramdisk 0 /type type", "ramdisk 0 /type content", "PCR0  value", "PCR1  value",
            ],
            Summary(found));
        Assert.Contains(new("ramdisk 0", "/mode", "mode", "755", "444"), found);
        Assert.Contains(new("ramdisk 0", "/device", "device", "5, 1", "5, 2"), found);
    }

    [Fact]
    public void A_link_that_points_elsewhere_is_seen()
    {
        byte[] one = SampleImage.Write(ramdisks: SampleRamdisk.Archive("a", "x", 0xa1ff));
        byte[] other = SampleImage.Write(ramdisks: SampleRamdisk.Archive("a", "y", 0xa1ff));
        Assert.Contains("ramdisk 0 /a content", Summary(Compare(one, other)));
    }

    [Fact]
    public void A_path_that_comes_again_is_another_entry_even_beside_one_that_looks_like_its_number()
    {
        byte[] Archive(string second) =>
        [
            .. SampleRamdisk.Entry("a", "1", 0x81a4), .. SampleRamdisk.Entry("a (2)", "2", 0x81a4), .. SampleRamdisk.Entry("a", second, 0x81a4),
            .. SampleRamdisk.Entry("TRAILER!!!", "", 0),
        ];
        ImageDifference found = Compare(SampleImage.Write(ramdisks: Archive("3")), SampleImage.Write(ramdisks: Archive("4")))[0];
        Assert.Equal(("/a (2)", "content"), (found.Subject, found.Aspect));
    }

    [Fact]
    public void A_ramdisk_of_the_same_files_in_other_bytes_is_not_the_same()
    {
        byte[] longer = [.. SampleImage.FirstRamdisk, 0, 0, 0, 0];
        Assert.Equal(
            ["ramdisk 0  content", "PCR0  value", "PCR1  value"], Summary(Compare(SampleImage.Write(), SampleImage.Write(ramdisks: longer))));
    }

    [Fact]
    public void A_second_ramdisk_is_in_PCR0_and_2_alone()
    {
        byte[] two = SampleImage.Write(ramdisks: [SampleImage.FirstRamdisk, SampleImage.SecondRamdisk]);
        Assert.Equal(["ramdisk 1  presence", "PCR0  value", "PCR2  value"], Summary(Compare(SampleImage.Write(), two)));
    }

    [Fact]
    public void A_signature_is_told_from_another_certificate()
    {
        byte[] image = SampleImage.Write();
        SampleSigner one = SampleSigner.Create(Now), other = SampleSigner.Create(Now);
        byte[] signed = one.Sign(image);
        Assert.Equal(["signature  presence", "PCR8  value"], Summary(Compare(image, signed)));
        Assert.Equal(["signature  content"], Summary(Compare(signed, one.Sign(image))));
        Assert.Equal(["signature  certificate", "PCR8  value"], Summary(Compare(signed, other.Sign(image))));
    }

    private static byte[] Image(Initramfs ramdisk)
    {
        using MemoryStream body = new();
        ramdisk.WriteTo(body);
        return SampleImage.Write(ramdisks: body.ToArray());
    }

    private static FileContent Content(string text) => FileContent.FromBytes(Encoding.ASCII.GetBytes(text));

    private static IReadOnlyList<ImageDifference> Compare(byte[] before, byte[] after) =>
        ImageDiff.Compare(SampleImage.Read(before), SampleImage.Read(after));

    private static IEnumerable<string> Summary(IEnumerable<ImageDifference> differences) =>
        differences.Select(d => $"{d.Part} {d.Subject} {d.Aspect}");
}
