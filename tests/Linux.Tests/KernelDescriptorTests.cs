using Init.Linux.Headers;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

public sealed class KernelDescriptorTests
{
    private static readonly Deadline Soon = Deadline.After(TimeSpan.FromSeconds(30));

    [Fact]
    public void A_pair_carries_bytes_and_their_end()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        using (second)
        {
            byte[] buffer = new byte[5];
            Assert.Equal(IoStatus.WouldBlock, DescriptorIo.Read(first, buffer).Status);
            Assert.True(DescriptorIo.WriteAll(second, "hello"u8, Soon).IsDone);
            Assert.True(DescriptorIo.ReadExactly(first, buffer, Soon).IsDone);
            Assert.Equal("hello"u8, buffer);
            Assert.Equal(0, second.Shutdown(ShutdownSides.Write));
            Assert.Equal(IoStatus.EndOfStream, DescriptorIo.Read(first, buffer).Status);
        }
    }

    [Fact]
    public void Two_pieces_are_written_one_behind_the_other()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        using (second)
        {
            byte[] buffer = new byte[5];
            Assert.Equal(new IoResult(IoStatus.Done, 5, Errno.None), DescriptorIo.Write(second, "he"u8, "llo"u8));
            Assert.Equal(5, first.Read(buffer));
            Assert.Equal("hello"u8, buffer);
        }
    }

    [Theory]
    [InlineData(10, 30_000)]
    [InlineData(28_672, 1)]
    [InlineData(20_000, 20_000)]
    public void Two_pieces_together_are_no_more_than_one_write_may_take(int firstBytes, int secondBytes)
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        using (second)
        {
            Assert.Equal(
                new IoResult(IoStatus.Done, DescriptorIo.MaxWriteBytes, Errno.None),
                DescriptorIo.Write(second, new byte[firstBytes], new byte[secondBytes]));
        }
    }

    [FailureMode(19, "The stream ends")]
    [Fact]
    public void A_stream_cut_short_is_not_a_whole_one()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        {
            Assert.True(DescriptorIo.WriteAll(second, "hel"u8, Soon).IsDone);
            second.Dispose();
            Assert.Equal(new IoResult(IoStatus.EndOfStream, 3, Errno.None), DescriptorIo.ReadExactly(first, new byte[5], Soon));
        }
    }

    [Fact]
    public void Writing_to_a_peer_that_is_gone_is_a_reset_and_no_signal()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        {
            second.Dispose();
            Assert.Equal(new IoResult(IoStatus.Reset, 0, Errno.EPIPE), DescriptorIo.Write(first, "x"u8));
        }
    }

    [Fact]
    public void A_peer_that_goes_with_bytes_unread_is_a_reset()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        {
            Assert.True(DescriptorIo.Write(first, "x"u8).IsDone);
            second.Dispose();
            Assert.Equal(new IoResult(IoStatus.Reset, 0, Errno.ECONNRESET), DescriptorIo.Read(first, new byte[1]));
        }
    }

    [Fact]
    public void A_full_pipe_would_block_and_a_wait_for_room_ends_at_the_deadline()
    {
        (KernelDescriptor read, KernelDescriptor write) = Native.Pipe();
        using (read)
        using (write)
        {
            byte[] bytes = new byte[1 << 20];
            IoResult result = DescriptorIo.WriteAll(write, bytes, Deadline.After(TimeSpan.FromMilliseconds(20)));
            Assert.Equal(IoStatus.TimedOut, result.Status);
            Assert.InRange(result.Count, 4096, bytes.Length - 1);
            Assert.Equal(IoStatus.WouldBlock, DescriptorIo.Write(write, bytes).Status);
            Assert.Equal(0, write.Poll(PollEvents.Out, 0));
            Assert.Equal(result.Count, DescriptorIo.ReadExactly(read, new byte[result.Count], Soon).Count);
            Assert.Equal((int)PollEvents.Out, write.Poll(PollEvents.Out, 0));
        }
    }

    [FailureMode(25, "Both directions saturated")]
    [Fact]
    public void A_megabyte_goes_through_while_both_sides_are_full()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        using (second)
        {
            byte[] sent = [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 31))];
            byte[] received = new byte[sent.Length];
            var writer = new Thread(() => DescriptorIo.WriteAll(first, sent, Soon));
            writer.Start();
            Assert.True(DescriptorIo.ReadExactly(second, received, Soon).IsDone);
            writer.Join();
            Assert.Equal(sent, received);
        }
    }

    [Fact]
    public void Poll_says_what_holds()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        {
            Assert.Equal((int)PollEvents.Out, first.Poll(PollEvents.In | PollEvents.Out | PollEvents.ReadHangUp, 0));
            second.Dispose();
            PollEvents events = (PollEvents)first.Poll(PollEvents.In | PollEvents.ReadHangUp, 0);
            Assert.Equal(PollEvents.In | PollEvents.HangUp | PollEvents.ReadHangUp, events);
            Assert.Throws<ArgumentOutOfRangeException>(() => first.Poll(PollEvents.In, -1));
        }
    }

    [Fact]
    public void A_call_that_the_kernel_refuses_returns_its_errno()
    {
        (KernelDescriptor read, KernelDescriptor write) = Native.Pipe();
        using (read)
        using (write)
        {
            Assert.Equal(-(int)Errno.EBADF, read.Write("x"u8));
            Assert.Equal(-(int)Errno.EBADF, write.Read(new byte[1]));
            Assert.Equal(-(int)Errno.ENOTSOCK, read.Accept(out IDescriptor? none));
            Assert.Null(none);
            Assert.Equal(-(int)Errno.ENOTSOCK, read.ConnectError());
            Assert.Equal(-(int)Errno.ENOTSOCK, read.Shutdown(ShutdownSides.Both));
        }
    }

    [Fact]
    public void A_closed_descriptor_is_not_used_again()
    {
        (KernelDescriptor read, KernelDescriptor write) = Native.Pipe();
        write.Dispose();
        read.Dispose();
        Assert.Throws<ObjectDisposedException>(() => read.Read(new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => read.Number);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FileDescriptor(-1));
    }

    [Fact]
    public void Everything_is_close_on_exec_and_does_not_block()
    {
        string path = Path.Combine(Init.Testing.Places.Scratch("flags"), "s");
        using KernelDescriptor listener = UnixSocket.Listen(path, 1);
        using KernelDescriptor client = UnixSocket.Connect(path, TimeSpan.FromSeconds(30));
        Assert.True(DescriptorIo.Accept(listener, out IDescriptor? accepted).IsDone);
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using var counter = new EventCounter();
        using var timer = new KernelTimer();
        using var signals = new SignalSource(Signal.SIGUSR2);
        using var epoll = new Epoll();
        using FileDescriptor memory = MemoryFile.Create("flags", 1);
        using FileDescriptor file = FileSystem.Open("/dev/null", OpenOptions.ReadWrite);
        int[] nonBlocking = [listener.Number, client.Number, accepted!.Number, first.Number, second.Number, counter.Number, timer.Number, signals.Number];
        foreach (int number in (int[])[.. nonBlocking, memory.Number, file.Number])
        {
            Assert.Equal(1, Native.fcntl(number, 1 /* F_GETFD */, 0) & 1 /* FD_CLOEXEC */);
        }

        Assert.All(nonBlocking, number => Assert.NotEqual(0, Native.fcntl(number, fcntl_h.F_GETFL, 0) & fcntl_h.O_NONBLOCK));
        accepted.Dispose();
        first.Dispose();
        second.Dispose();
    }
}
