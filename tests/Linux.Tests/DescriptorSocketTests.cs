namespace Init.Linux.Tests;

public sealed class DescriptorSocketTests
{
    private static readonly Deadline Soon = Deadline.After(TimeSpan.FromSeconds(30));

    [Fact]
    public void Descriptors_arrive_with_the_bytes_they_were_sent_with() => WithPair((first, second) =>
    {
        using FileDescriptor file = MemoryFile.Create("passed", 4096);
        using var counter = new EventCounter();
        using var same = new FileDescriptor(Native.dup(counter.Number));
        first.Attach(file, same);
        Assert.True(DescriptorIo.WriteAll(first, "with"u8, Soon).IsDone);
        Assert.True(DescriptorIo.WriteAll(first, "none"u8, Soon).IsDone);

        byte[] buffer = new byte[4];
        Assert.True(DescriptorIo.ReadExactly(second, buffer, Soon).IsDone);
        Assert.Equal("with"u8, buffer);
        FileDescriptor[] received = second.TakeReceived();
        Assert.Equal(2, received.Length);
        Assert.True(DescriptorIo.ReadExactly(second, buffer, Soon).IsDone);
        Assert.Empty(second.TakeReceived());

        Assert.Equal(1, Native.fcntl(received[0].Number, 1 /* F_GETFD */, 0));
        using (var mine = new SharedMapping(file, 0, 4096))
        using (var theirs = new SharedMapping(received[0], 0, 4096))
        {
            mine.Span(0, 1)[0] = 9;
            Assert.Equal(9, theirs.Span(0, 1)[0]);
        }

        using var theirCounter = new EventCounter(received[1]);
        theirCounter.Signal();
        Assert.Equal(1ul, counter.Take());
        received[0].Dispose();
    });

    [Fact]
    public void As_many_as_are_allowed_pass_and_one_more_does_not() => WithPair((first, second) =>
    {
        FileDescriptor[] many = [.. Enumerable.Range(0, DescriptorSocket.MaxDescriptors).Select(_ => MemoryFile.Create("many", 0))];
        first.Attach(many);
        Assert.Throws<ArgumentException>(() => first.Attach(many[0]));
        Assert.True(DescriptorIo.WriteAll(first, "x"u8, Soon).IsDone);
        Assert.True(DescriptorIo.Read(second, new byte[1]).IsDone);

        // Not taken, and then one more comes: all are closed.
        first.Attach(many[0]);
        Assert.True(DescriptorIo.WriteAll(first, "x"u8, Soon).IsDone);
        Assert.Equal(new IoResult(IoStatus.Failed, 0, Errno.EMSGSIZE), DescriptorIo.Read(second, new byte[1]));
        Assert.Empty(second.TakeReceived());
        Assert.All(many, d => d.Dispose());
    });

    [Fact]
    public unsafe void More_than_are_allowed_at_once_are_closed() => WithPair((first, second) =>
    {
        using FileDescriptor file = MemoryFile.Create("flood", 0);
        int number = file.Number;
        Native.SendDescriptors(first.Number, [.. Enumerable.Repeat(number, DescriptorSocket.MaxDescriptors + 5)]);
        Assert.Equal(new IoResult(IoStatus.Failed, 0, Errno.EMSGSIZE), DescriptorIo.Read(second, new byte[1]));
        Assert.Empty(second.TakeReceived());
        Assert.Equal(1, CountLinksTo("flood"));
    });

    [Fact]
    public void What_was_received_and_not_taken_is_closed_with_the_socket()
    {
        WithPair((first, second) =>
        {
            using FileDescriptor file = MemoryFile.Create("left-behind", 0);
            first.Attach(file);
            Assert.True(DescriptorIo.WriteAll(first, "x"u8, Soon).IsDone);
            Assert.True(DescriptorIo.Read(second, new byte[1]).IsDone);
            Assert.Equal(2, CountLinksTo("left-behind"));
        });
        Assert.Equal(0, CountLinksTo("left-behind"));
    }

    [Fact]
    public void What_is_attached_waits_for_a_write_that_takes_bytes() => WithPair((first, second) =>
    {
        byte[] filler = new byte[DescriptorIo.MaxWriteBytes];
        int written = 0;
        while (DescriptorIo.Write(first, filler) is { IsDone: true } result)
        {
            written += result.Count;
        }

        using FileDescriptor file = MemoryFile.Create("waits", 0);
        first.Attach(file);
        Assert.Equal(IoStatus.WouldBlock, DescriptorIo.Write(first, "x"u8).Status);
        Assert.Equal(written, DescriptorIo.ReadExactly(second, new byte[written], Soon).Count);
        Assert.Empty(second.TakeReceived());
        Assert.True(DescriptorIo.WriteAll(first, "x"u8, Soon).IsDone);
        Assert.True(DescriptorIo.Read(second, new byte[1]).IsDone);
        Assert.Single(second.TakeReceived()).Dispose();
    });

    [Fact]
    public void It_is_a_descriptor_like_any_other()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using var socket = new DescriptorSocket(first);
        Assert.Equal(first.Number, socket.Number);
        Assert.Equal(PeerAddress.None, socket.Peer);
        Assert.Equal(IoStatus.WouldBlock, DescriptorIo.Read(socket, new byte[1]).Status);
        Assert.Equal((int)PollEvents.Out, socket.Poll(PollEvents.Out, 0));
        Assert.Equal(0, socket.ConnectError());
        Assert.Equal(-(int)Errno.EINVAL, socket.Accept(out _));
        Assert.Equal(0, socket.Shutdown(ShutdownSides.Write));
        Assert.Equal(IoStatus.EndOfStream, DescriptorIo.Read(second, new byte[1]).Status);
        second.Dispose();
        Assert.Equal(IoStatus.Reset, DescriptorIo.Write(socket, "x"u8).Status);
        Assert.Equal(IoStatus.EndOfStream, DescriptorIo.Read(socket, new byte[1]).Status);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 24)]
    [InlineData(2, 24)]
    [InlineData(3, 32)]
    [InlineData(16, 80)]
    public void Control_buffers_are_as_large_as_CMSG_SPACE(int descriptors, int bytes) => Assert.Equal(bytes, DescriptorSocket.ControlBytes(descriptors));

    private static int CountLinksTo(string name) => Directory.GetFiles("/proc/self/fd").Count(f =>
    {
        try
        {
            return FileSystem.ReadLink(f).StartsWith($"/memfd:{name}", StringComparison.Ordinal);
        }
        catch (LinuxException)
        {
            return false;
        }
    });

    private static void WithPair(Action<DescriptorSocket, DescriptorSocket> action)
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using var one = new DescriptorSocket(first);
        using var other = new DescriptorSocket(second);
        action(one, other);
    }
}
