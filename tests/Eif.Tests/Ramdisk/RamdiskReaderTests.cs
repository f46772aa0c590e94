using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace Init.Eif.Tests.Ramdisk;

public sealed class RamdiskReaderTests
{
    private static readonly byte[] One = SampleRamdisk.Archive("one", "1");

    private static readonly byte[] Two = SampleRamdisk.Archive("two", "22");

    public static TheoryData<string, byte[]> Sequences { get; } = new()
    {
        { "one", One },
        { "one two", [.. One, .. Two] },
        { "one two", [.. One, .. new byte[512], .. Two, .. new byte[3]] },
        { "one two", [.. SampleRamdisk.Gzip(One), .. SampleRamdisk.Gzip(Two)] },
        { "one two", [.. One, .. SampleRamdisk.Gzip(Two)] },
        { "one two", [.. Aligned(SampleRamdisk.Gzip(One)), .. Two] },
        { "one two one", [.. Aligned(SampleRamdisk.Gzip(One)), .. Two, .. new byte[5], .. SampleRamdisk.Gzip(One)] },
        { "one two", SampleRamdisk.Gzip([.. One, .. new byte[8], .. Two, .. new byte[7]]) },
        { "one", SampleRamdisk.Lz4(One) },
        { "one two", SampleRamdisk.Lz4([.. One, .. Two]) },
        { "one two", [.. SampleRamdisk.Lz4(One), .. SampleRamdisk.Lz4(Two)[4..]] },
        { "one two", [.. One, .. SampleRamdisk.Lz4(Two)] },
        { "one two", [.. Aligned([.. SampleRamdisk.Lz4(One), .. new byte[4]]), .. Two] },
        { "one two one", [.. SampleRamdisk.Lz4(One), .. new byte[4], .. SampleRamdisk.Gzip(Two), .. SampleRamdisk.Lz4(One), 0, 0, 0] },
        { "", SampleRamdisk.Gzip([0]) },
        { "", [] },
        { "", new byte[9] },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Archives_follow_each_other_as_the_kernel_takes_them(string expected, byte[] ramdisk) =>
        Assert.Equal(expected, string.Join(' ', SampleRamdisk.List(ramdisk).Select(e => e.Path)));

    [Fact]
    public void The_end_of_gzipped_data_is_known_to_the_byte_however_it_lies()
    {
        // Stored, fixed and dynamic blocks, around the size of the pieces in which they are fed.
        var random = new Random(3);
        foreach (int size in new[] { 0, 1, 4000, 4070, 4090, 4096, 5000, 70_000 })
        {
            foreach (CompressionLevel level in new[] { CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize })
            {
                byte[] noise = new byte[size];
                random.NextBytes(noise);
                byte[] archive = SampleRamdisk.Archive("noise", Encoding.Latin1.GetString(noise));
                using MemoryStream gzip = new();
                using (GZipStream stream = new(gzip, level, leaveOpen: true))
                {
                    stream.Write(archive);
                }

                Assert.Equal(2, SampleRamdisk.List([.. gzip.ToArray(), .. SampleRamdisk.Gzip(One)]).Count);
            }
        }
    }

    [Fact]
    public void A_name_in_the_gzip_header_is_skipped_as_the_kernel_does()
    {
        byte[] gzip = SampleRamdisk.Gzip(One);
        gzip[3] = 8;
        Assert.Single(SampleRamdisk.List([.. gzip[..10], .. "initrd\0"u8, .. gzip[10..]]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(8)]
    public void Other_fields_and_a_name_without_an_end_are_refused(byte flag)
    {
        byte[] gzip = SampleRamdisk.Gzip(One);
        gzip[3] = flag;
        byte[] ramdisk = flag == 8 ? [.. gzip[..10], .. Enumerable.Repeat((byte)'a', 5000)] : gzip;
        Fails.With(EifError.Ramdisk, "fields that the kernel does not skip", () => SampleRamdisk.List(ramdisk));
    }

    public static TheoryData<string, byte[]> Refusals { get; } = new()
    {
        { "neither a cpio archive", "hello"u8.ToArray() },
        { "neither a cpio archive", [0x28, 0xb5, 0x2f, 0xfd] },
        { "read ramdisk at byte 1: neither a cpio archive", [0, .. One] },
        { "multiple of four, unpacked", SampleRamdisk.Gzip([0, .. One]) },
        { "multiple of four, unpacked", SampleRamdisk.Gzip("hello"u8.ToArray()) },
        { "ends inside of an archive", One[..20] },
        { "ends inside of an archive", One[..^1] },
        { "without a trailer", [.. One[..^124], .. SampleRamdisk.Gzip(Two), .. new byte[124]] },
        { "no cpio header", [.. "070707"u8, .. One[6..]] },
        { "not hexadecimal", [.. One[..10], (byte)'g', .. One[11..]] },
        { "a name of 0 bytes", WithField(One, 11, 0) },
        { "a name of 1 bytes", WithField(One, 11, 1) },
        { "a name of 4097 bytes", WithField(One, 11, 4097) },
        { "its one zero", WithField(One, 11, 3) },
        { "its one zero", WithField(One, 11, 5) },
        { "content of something that is no file", SampleRamdisk.Archive("d", "x", 0x41ed) },
        { "a trailer with content", [.. SampleRamdisk.Entry("TRAILER!!!", "x", 0)] },
        { "padding that is not zero", [.. One[..^125], 1, .. One[^124..]] },
        { "no gzip header", [0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "no gzip header", [0x1f, 0x8b, 8] },
        { "damaged", [.. SampleRamdisk.Gzip(One)[..10], 0xff, 0xff, 0xff] },
        { "no lz4 header", [0x02, 0x21, 0x4c, 0x19] },
        { "no lz4 header", [0x02, 0x21] },
        { "ends inside of an lz4 block", SampleRamdisk.Lz4(One)[..^1] },
        { "ends inside of an lz4 block", [.. SampleRamdisk.Lz4(One), 1, 0, 0, 0] },
        { "bytes, 8421520 are allowed", [.. SampleRamdisk.Lz4(One)[..4], 0xff, 0xff, 0xff, 0x7f] },
        { "an lz4 block of 407642370 bytes", [.. SampleRamdisk.Lz4(One), .. SampleRamdisk.Lz4(Two)] },
        { "lz4 data is damaged", [.. SampleRamdisk.Lz4(One)[..4], 4, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff] },
        { "multiple of four, unpacked", SampleRamdisk.Lz4([0, .. One]) },
        { "ends inside of an archive", SampleRamdisk.Lz4(One[..^1]) },
        { "byte 134: neither a cpio archive", [.. SampleRamdisk.Lz4(new byte[124]), 1, 2, 3] },
        { "gzip trailer", SampleRamdisk.Gzip(One)[..^1] },
        { "gzip trailer", Changed(SampleRamdisk.Gzip(One), -1) },
        { "gzip trailer", Changed(SampleRamdisk.Gzip(One), -5) },
        { "ends inside of an archive", SampleRamdisk.Gzip(One)[..^12] },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_neither_is_refused(string cause, byte[] ramdisk) =>
        Fails.With(EifError.Ramdisk, cause, () => SampleRamdisk.List(ramdisk));

    [Fact]
    public void A_size_that_reaches_beyond_the_archive_is_refused_and_nothing_allocated()
    {
        byte[] ramdisk = WithField(One, 6, uint.MaxValue);
        SampleRamdisk.List(One);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fails.With(EifError.Ramdisk, "ends inside of an archive", () => SampleRamdisk.List(ramdisk));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Entries_and_their_names_have_limits()
    {
        RamdiskListing listing = new();
        RamdiskEntry entry = new("x", 0, 0, null, 0, 0, RamdiskArchive.Plain);
        for (int i = 0; i < RamdiskReader.MaxEntries; i++)
        {
            listing.Add(entry);
        }

        Fails.With(EifError.Ramdisk, "more than", () => listing.Add(entry));
        RamdiskEntry longName = entry with { Path = new string('x', RamdiskReader.MaxNamesBytes) };
        RamdiskListing names = new();
        names.Add(longName);
        Fails.With(EifError.Ramdisk, "more than", () => names.Add(entry));
    }

    [Fact]
    public void What_gzip_unpacks_to_has_a_limit()
    {
        using MemoryStream gzip = new(SampleRamdisk.Gzip(new byte[100_000]));
        using GzipMember member = GzipMember.Open(gzip, 0, maxUnpackedBytes: 100_000);
        member.CopyTo(Stream.Null);
        Assert.Equal(gzip.Length, member.End());
        Fails.With(EifError.Ramdisk, "more than 99999 bytes", () => GzipMember.Open(gzip, 0, maxUnpackedBytes: 99_999).Dispose());
    }

    [Fact]
    public void What_lz4_unpacks_to_has_a_limit()
    {
        using MemoryStream frame = new(SampleRamdisk.Lz4(new byte[100_000]));
        using Lz4Member member = Lz4Member.Open(frame, 0, maxUnpackedBytes: 100_000);
        member.CopyTo(Stream.Null);
        Assert.Equal(frame.Length, member.End);
        using Lz4Member longer = Lz4Member.Open(frame, 0, maxUnpackedBytes: 99_999);
        Fails.With(EifError.Ramdisk, "more than 99999 bytes", () => longer.CopyTo(Stream.Null));
    }

    [Fact]
    public void A_mutated_ramdisk_is_listed_or_refused()
    {
        byte[][] seeds = [One, [.. One, .. SampleRamdisk.Gzip(Two)], [.. Aligned(SampleRamdisk.Gzip(One)), .. Two], SampleRamdisk.Lz4([.. One, .. Two])];
        var random = new Random(31);
        var watch = Stopwatch.StartNew();
        int listed = 0;
        int refused = 0;
        for (int i = 0; i < 5_000 && watch.Elapsed < TimeSpan.FromSeconds(20); i++)
        {
            byte[] ramdisk = [.. seeds[random.Next(seeds.Length)]];
            for (int mutations = random.Next(1, 4); mutations > 0; mutations--)
            {
                ramdisk[random.Next(ramdisk.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "0123456789abcdef"[random.Next(16)]);
            }

            try
            {
                SampleRamdisk.List(ramdisk);
                listed++;
            }
            catch (EifException e)
            {
                Assert.Equal(EifError.Ramdisk, e.Error);
                refused++;
            }
        }

        Assert.True(listed > 20 && refused > 200, $"{listed} listed, {refused} refused");
    }

    private static byte[] Aligned(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 3]];

    private static byte[] WithField(byte[] archive, int index, uint value) =>
        [.. archive[..(6 + (8 * index))], .. Encoding.ASCII.GetBytes($"{value:x8}"), .. archive[(14 + (8 * index))..]];

    private static byte[] Changed(byte[] bytes, int fromEnd)
    {
        byte[] changed = [.. bytes];
        changed[bytes.Length + fromEnd] ^= 1;
        return changed;
    }
}
