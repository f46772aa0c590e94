using System.Text;
using Init.Testing;

namespace Init.Linux.Tests;

public sealed class FileSystemTests
{
    [Fact]
    public void A_small_file_is_read_whole_or_refused()
    {
        string file = Path.Combine(Places.Scratch("small-file"), "f");
        File.WriteAllText(file, "0123456789");
        Assert.Equal("0123456789"u8, FileSystem.ReadSmallFile(file, new byte[11]));
        Assert.Equal($"read {file}: EFBIG", Assert.Throws<LinuxException>(() => FileSystem.ReadSmallFile(file, new byte[10]).Length).Message);
        File.WriteAllText(file, "");
        Assert.Equal(0, FileSystem.ReadSmallFile(file, new byte[1]).Length);
    }

    [Fact]
    public void A_small_text_loses_the_white_space_around_it()
    {
        string file = Path.Combine(Places.Scratch("small-text"), "f");
        File.WriteAllText(file, " nsm-hwrng\n");
        Assert.Equal("nsm-hwrng", FileSystem.ReadSmallText(file));
        File.WriteAllText(file, new string('x', 4096));
        Assert.Equal(Errno.EFBIG, Assert.Throws<LinuxException>(() => FileSystem.ReadSmallText(file)).Errno);
        Assert.NotEmpty(FileSystem.ReadSmallText("/proc/self/stat"));
    }

    [Fact]
    public unsafe void A_pipe_without_a_writer_is_read_without_waiting()
    {
        string fifo = Path.Combine(Places.Scratch("fifo"), "f");
        fixed (byte* name = FileSystem.NullTerminated(fifo))
        {
            Assert.Equal(0, Native.mkfifo(name, 0x180));
        }

        Assert.Equal("", FileSystem.ReadSmallText(fifo));
        Assert.Equal($"open {fifo}: ENXIO", Assert.Throws<LinuxException>(() => FileSystem.OpenConsole(fifo)).Message);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.Equal("open /nowhere/at/all: ENOENT", Assert.Throws<LinuxException>(() => FileSystem.Open("/nowhere/at/all", OpenOptions.ReadOnly)).Message);
        Assert.Equal("read the link /nowhere: ENOENT", Assert.Throws<LinuxException>(() => FileSystem.ReadLink("/nowhere")).Message);
        Assert.Equal("unmount /nowhere: ENOENT", Assert.Throws<LinuxException>(() => FileSystem.Unmount("/nowhere")).Message);
        Assert.Throws<ArgumentException>(() => FileSystem.Open("/dev/null\0/etc", OpenOptions.ReadOnly));
    }

    [Fact]
    public void A_setting_is_written_to_a_file_that_exists()
    {
        string file = Path.Combine(Places.Scratch("setting"), "f");
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => FileSystem.WriteSetting(file, "1")).Errno);
        Assert.False(File.Exists(file));
        File.WriteAllText(file, "");
        FileSystem.WriteSetting(file, "1");
        Assert.Equal("1", File.ReadAllText(file));
        Assert.Equal("write /dev/full: ENOSPC", Assert.Throws<LinuxException>(() => FileSystem.WriteSetting("/dev/full", "1")).Message);
        Assert.Equal(Errno.EIO, Assert.Throws<LinuxException>(() => FileSystem.WriteSetting("/dev/null", new string('x', DescriptorIo.MaxWriteBytes + 1))).Errno);
    }

    [Fact]
    public void A_link_is_read_up_to_the_longest()
    {
        string link = Path.Combine(Places.Scratch("link"), "l");
        File.CreateSymbolicLink(link, "/somewhere/ä");
        Assert.Equal("/somewhere/ä", FileSystem.ReadLink(link));
        string longest = new('x', 4095);
        File.CreateSymbolicLink(link + "ongest", longest);
        Assert.Equal(longest, FileSystem.ReadLink(link + "ongest"));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => FileSystem.ReadLink("/")).Errno);
    }

    [Fact]
    public void A_folder_is_made_once()
    {
        string folder = Path.Combine(Places.Scratch("folder"), "f");
        Assert.True(FileSystem.MakeFolder(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.False(FileSystem.MakeFolder(folder, UnixFileMode.UserRead));
        Assert.Equal($"make the folder {folder}/a/b: ENOENT", Assert.Throws<LinuxException>(() => FileSystem.MakeFolder(folder + "/a/b", 0)).Message);
    }

    [Fact]
    public void A_console_that_nobody_reads_does_not_block()
    {
        // A pseudo terminal whose other side is never read: n_tty, as on the serial port.
        using FileDescriptor master = FileSystem.Open("/dev/ptmx", OpenOptions.ReadWrite);
        string slave = Native.UnlockTerminal(master.Number);
        using KernelDescriptor console = FileSystem.OpenConsole(slave);
        byte[] line = Encoding.ASCII.GetBytes(new string('x', 1023) + "\n");
        int written = 0;
        IoResult result;
        do
        {
            result = DescriptorIo.Write(console, line);
            written += result.Count;
        }
        while (result.IsDone && written < 1 << 24);

        Assert.Equal(IoStatus.WouldBlock, result.Status);
    }
}
