namespace Init.Linux.Tests;

public sealed class PipeTests
{
    [Fact]
    public void It_holds_as_much_as_was_asked_for_and_then_no_more()
    {
        using Pipe pipe = new(4096);
        Assert.Equal(IoStatus.Done, DescriptorIo.WriteAll(pipe.WriteEnd, new byte[4096], Deadline.After(TimeSpan.FromSeconds(10))).Status);
        Assert.Equal(IoStatus.WouldBlock, DescriptorIo.Write(pipe.WriteEnd, new byte[1]).Status);
    }

    [Fact]
    public void Whoever_opens_its_path_writes_into_it()
    {
        using Pipe pipe = new(4096);
        using (KernelDescriptor other = new(FileSystem.Open(pipe.WritePath, OpenOptions.WriteOnly)))
        {
            Assert.Equal(3, DescriptorIo.Write(other, "abc"u8).Count);
        }

        pipe.WriteEnd.Dispose();
        byte[] read = new byte[8];
        Assert.Equal(3, DescriptorIo.Read(pipe.ReadEnd, read).Count);
        Assert.Equal(IoStatus.EndOfStream, DescriptorIo.Read(pipe.ReadEnd, read).Status);
    }

    [Fact]
    public void A_size_that_the_kernel_refuses_is_an_error() => Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => new Pipe(-1)).Errno);
}
