using System.Diagnostics;
using System.IO.Compression;
using Init.Testing;

namespace Init.Eif.Tests.Ramdisk;

public sealed class InitramfsTests
{
    [Fact]
    public void What_was_written_is_listed_with_its_folders()
    {
        IReadOnlyList<RamdiskEntry> entries = SampleRamdisk.List(SampleRamdisk.Write(Sample()));
        Assert.Equal(
            [
                "drwxr-xr-x dev", "crw------- dev/console", "drwxr-xr-x etc", "drwxr-xr-x etc/a", "-r--r--r-- etc/a/b", "-rwxr-xr-x init",
                "drwxr-xr-x proc", "drwxr-xr-x crs", "-r--r--r-- crs/points",
            ],
            entries.Select(e => $"{e.ModeText} {e.Path}"));
        RamdiskEntry console = entries[1];
        Assert.True(console.IsNode);
        Assert.Equal((5u, 1u), (console.DeviceMajor, console.DeviceMinor));
        Assert.Equal([true, true, true, true, true, true, true, false, false], entries.Select(e => e.IsCompressed));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA384.HashData("points"u8)), entries[^1].Sha384);
    }

    [Fact]
    public void The_order_in_which_entries_were_added_makes_no_difference()
    {
        Initramfs reversed = new();
        reversed.AddFile("/crs/points", 0x124, SampleRamdisk.Text("points"), isCompressed: false);
        reversed.AddFolder("/proc");
        reversed.AddFile("/etc/a/b", 0x124, SampleRamdisk.Text("bb"));
        reversed.AddFile("/init", 0x1ed, SampleRamdisk.Text("program"));
        reversed.AddCharacterDevice("/dev/console", 0x180, 5, 1);
        Assert.Equal(SampleRamdisk.Write(Sample()), SampleRamdisk.Write(reversed));
    }

    [Fact]
    public void Files_on_other_paths_with_other_times_give_the_same_bytes()
    {
        byte[][] ramdisks = [.. new[] { "one", "two" }.Select((name, index) =>
        {
            string folder = Places.Scratch($"{nameof(InitramfsTests)}-{name}");
            string file = Path.Combine(folder, $"{name}.bin");
            File.WriteAllText(file, "content");
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddDays(1000 * (index + 1)));
            Initramfs ramdisk = new();
            ramdisk.AddFile("/init", 0x1ed, FileContent.FromFile(file));
            return SampleRamdisk.Write(ramdisk);
        })];
        Assert.Equal(ramdisks[0], ramdisks[1]);
    }

    [Fact]
    public void Headers_carry_root_the_epoch_and_inode_numbers_in_sequence()
    {
        Initramfs ramdisk = new();
        ramdisk.AddFile("/b", 0x1ed, SampleRamdisk.Text("xyz"), isCompressed: false);
        ramdisk.AddFolder("/a");
        using MemoryStream gzip = new(SampleRamdisk.Write(ramdisk));
        using GZipStream unpacked = new(gzip, CompressionMode.Decompress);
        byte[] header = new byte[112];
        unpacked.ReadExactly(header);

        // inode, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
        Assert.Equal(
            "070701" + "00000001" + "000041ED" + "00000000" + "00000000" + "00000002" + "00000000" + "00000000" + "00000000" + "00000000"
            + "00000000" + "00000000" + "00000002" + "00000000" + "a\0",
            System.Text.Encoding.ASCII.GetString(header));
        byte[] whole = gzip.ToArray();
        Assert.Equal(
            "070701" + "00000002" + "000081ED" + "00000000" + "00000000" + "00000001" + "00000000" + "00000003" + "00000000" + "00000000"
            + "00000000" + "00000000" + "00000002" + "00000000" + "b\0" + "xyz\0" + "070701",
            System.Text.Encoding.ASCII.GetString(whole[PlainStart(whole)..][..122]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_plain_archive_begins_at_a_multiple_of_four_wherever_the_ramdisk_begins(int extra) =>
        Assert.Equal(0, PlainStart(Shifted(RamdiskArchive.Gzip, extra)) % 4);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Behind_lz4_it_does_so_after_a_length_of_zero_which_ends_the_frame(int extra)
    {
        byte[] ramdisk = Shifted(RamdiskArchive.Lz4, extra);
        int plain = ramdisk.AsSpan().LastIndexOf("07070100000002"u8); // the folder /crs, the second entry
        Assert.Equal(0, plain % 4);
        Assert.Equal([0, 0, 0, 0], ramdisk[(plain - 4)..plain]);
        Assert.Equal("crs/points", SampleRamdisk.List(ramdisk)[^1].Path);
    }

    // Content that does not compress shifts the end of the compressed part a byte at a time.
    private static byte[] Shifted(RamdiskArchive compression, int extra)
    {
        byte[] noise = new byte[100 + extra];
        new Random(5).NextBytes(noise);
        Initramfs ramdisk = new(compression);
        ramdisk.AddFile("/init", 0x1ed, FileContent.FromBytes(noise));
        ramdisk.AddFile("/crs/points", 0x124, SampleRamdisk.Text("points"), isCompressed: false);
        using MemoryStream target = new();
        target.Write(new byte[extra]);
        ramdisk.WriteTo(target);
        byte[] written = target.ToArray()[extra..];
        Assert.Equal(0, written.Length % 4);
        return written;
    }

    [Fact]
    public void Lz4_carries_the_same_entries()
    {
        IReadOnlyList<RamdiskEntry> gzip = SampleRamdisk.List(SampleRamdisk.Write(Sample()));
        IReadOnlyList<RamdiskEntry> lz4 = SampleRamdisk.List(SampleRamdisk.Write(Sample(RamdiskArchive.Lz4)));
        Assert.Equal(gzip.Select(e => e with { Archive = RamdiskArchive.Plain }), lz4.Select(e => e with { Archive = RamdiskArchive.Plain }));
        Assert.Equal(gzip.Select(e => e.ArchiveText.Replace("gzip", "lz4", StringComparison.Ordinal)), lz4.Select(e => e.ArchiveText));
    }

    [Fact]
    public void Lz4_has_a_block_for_every_eight_mebibytes()
    {
        byte[] content = new byte[(16 << 20) + 5];
        new Random(6).NextBytes(content.AsSpan(0, content.Length / 2));
        Initramfs ramdisk = new(RamdiskArchive.Lz4);
        ramdisk.AddFile("/init", 0x1ed, FileContent.FromBytes(content));
        byte[] written = SampleRamdisk.Write(ramdisk);
        RamdiskEntry init = Assert.Single(SampleRamdisk.List(written));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA384.HashData(content)), init.Sha384);
        int blocks = 0;
        for (int at = 4; at < written.Length; at += 4 + BitConverter.ToInt32(written, at))
        {
            blocks++;
        }

        Assert.Equal(3, blocks);
    }

    [Fact]
    public void A_ramdisk_of_plain_files_alone_has_no_gzip()
    {
        Initramfs ramdisk = new();
        ramdisk.AddFile("/init", 0x1ed, SampleRamdisk.Text("x"), isCompressed: false);
        Assert.Equal("070701"u8, SampleRamdisk.Write(ramdisk).AsSpan(0, 6));
    }

    [Fact]
    public void Gnu_cpio_unpacks_both_archives()
    {
        string folder = Places.Scratch($"{nameof(InitramfsTests)}-cpio");
        byte[] written = SampleRamdisk.Write(Sample());
        int plain = PlainStart(written);
        string gzipped = Path.Combine(folder, "first.gz");
        File.WriteAllBytes(gzipped, written[..plain]);
        File.WriteAllBytes(Path.Combine(folder, "second"), written[plain..]);

        // gzip ignores the zeros behind the trailer.
        string listed = Shell(folder, "gzip -dcq first.gz > first; cpio --list --verbose --numeric-uid-gid < first");
        string[] lines = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, lines.Length);
        Assert.Matches(@"^crw-------\s+1 0\s+0\s+5,\s+1 Jan\s+1\s+1970 dev/console$", lines[1]);
        Assert.Matches(@"^-rwxr-xr-x\s+1 0\s+0\s+7 Jan\s+1\s+1970 init$", lines[5]);

        Shell(folder, "cpio --extract --quiet --make-directories etc/a/b init < first; cpio --extract --quiet < second");
        Assert.Equal("program", File.ReadAllText(Path.Combine(folder, "init")));
        Assert.Equal("bb", File.ReadAllText(Path.Combine(folder, "etc/a/b")));
        Assert.Equal("points", File.ReadAllText(Path.Combine(folder, "crs/points")));
    }

    [Theory]
    [InlineData("init")]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a/")]
    [InlineData("//a")]
    [InlineData("/a/../b")]
    [InlineData("/./a")]
    [InlineData("/a b")]
    [InlineData("/a\n")]
    [InlineData("/\u00e9")]
    [InlineData("/TRAILER!!!")]
    public void A_path_that_is_none_is_refused(string path) =>
        Fails.With(EifError.InvalidInput, "not a path", () => new Initramfs().AddFile(path, 0, SampleRamdisk.Text("")));

    [Fact]
    public void A_name_has_the_kernels_limit()
    {
        string longest = "/" + string.Join('/', Enumerable.Repeat(new string('a', 255), 15)) + "/" + new string('a', 254);
        Assert.Equal(4095, longest.Length);
        new Initramfs().AddFile(longest, 0, SampleRamdisk.Text(""));
        Fails.With(EifError.InvalidInput, "not a path", () => new Initramfs().AddFile(longest + "a", 0, SampleRamdisk.Text("")));
    }

    [Theory]
    [InlineData("/init", "is there already")]
    [InlineData("/init/x", "/init is no folder")]
    [InlineData("/dev/console/x/y", "/dev/console is no folder")]
    [InlineData("/etc/a", "it is a folder already")]
    public void A_path_that_is_taken_is_refused(string path, string cause) =>
        Fails.With(EifError.InvalidInput, cause, () => Sample().AddFile(path, 0, SampleRamdisk.Text("")));

    [Fact]
    public void More_than_cpio_has_room_for_is_refused()
    {
        FileContent large = new(1L << 32, () => Stream.Null);
        Fails.With(EifError.InvalidInput, "4294967296 bytes", () => new Initramfs().AddFile("/x", 0, large));
        Fails.With(EifError.InvalidInput, "permissions 1000", () => new Initramfs().AddFile("/x", 0x1000, SampleRamdisk.Text("")));
    }

    [Theory]
    [InlineData(2, EifError.InvalidInput, "grew")]
    [InlineData(4, EifError.Truncated, "1 bytes before its end")]
    public void A_file_that_changed_its_size_is_refused(int announced, EifError error, string cause)
    {
        Initramfs ramdisk = new();
        ramdisk.AddFile("/x", 0, SampleRamdisk.Text("abc") with { SizeBytes = announced });
        Fails.With(error, cause, () => ramdisk.WriteTo(new MemoryStream()));
    }

    private static Initramfs Sample(RamdiskArchive compression = RamdiskArchive.Gzip)
    {
        Initramfs ramdisk = new(compression);
        ramdisk.AddCharacterDevice("/dev/console", 0x180, 5, 1);
        ramdisk.AddFile("/init", 0x1ed, SampleRamdisk.Text("program"));
        ramdisk.AddFile("/etc/a/b", 0x124, SampleRamdisk.Text("bb"));
        ramdisk.AddFolder("/proc");
        ramdisk.AddFile("/crs/points", 0x124, SampleRamdisk.Text("points"), isCompressed: false);
        return ramdisk;
    }

    private static int PlainStart(byte[] ramdisk) => ramdisk.AsSpan().IndexOf("070701"u8);

    private static string Shell(string folder, string script)
    {
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-euc", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            Environment = { ["TZ"] = "UTC", ["LC_ALL"] = "C" },
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
