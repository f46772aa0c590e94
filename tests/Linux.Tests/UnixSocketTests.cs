using System.Diagnostics;
using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

public sealed class UnixSocketTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_listener_accepts_and_the_peer_has_no_CID()
    {
        string path = Path.Combine(Places.Scratch("unix-accept"), "s");
        using KernelDescriptor listener = UnixSocket.Listen(path, 8);
        Assert.Equal(IoStatus.WouldBlock, DescriptorIo.Accept(listener, out IDescriptor? none).Status);
        Assert.Null(none);
        using KernelDescriptor client = UnixSocket.Connect(path, Long);
        Assert.True(DescriptorIo.Accept(listener, out IDescriptor? server).IsDone);
        using (server)
        {
            Assert.Equal(PeerAddress.None, server!.Peer);
            Assert.Equal(0, client.ConnectError());
            Assert.True(DescriptorIo.WriteAll(client, "ping"u8, Deadline.After(Long)).IsDone);
            byte[] buffer = new byte[4];
            Assert.True(DescriptorIo.ReadExactly(server, buffer, Deadline.After(Long)).IsDone);
            Assert.Equal("ping"u8, buffer);
        }
    }

    [FailureMode(21, "The stream ends right after accept")]
    [Fact]
    public void A_client_that_is_gone_when_it_is_accepted_is_an_end_of_stream()
    {
        string path = Path.Combine(Places.Scratch("unix-gone"), "s");
        using KernelDescriptor listener = UnixSocket.Listen(path, 8);
        UnixSocket.Connect(path, Long).Dispose();
        Assert.True(DescriptorIo.Accept(listener, out IDescriptor? server).IsDone);
        using (server)
        {
            Assert.Equal(IoStatus.EndOfStream, DescriptorIo.Read(server!, new byte[1]).Status);
        }
    }

    [Fact]
    public void A_full_backlog_is_waited_for_and_no_longer_than_was_said()
    {
        string path = Path.Combine(Places.Scratch("unix-full"), "s");
        using KernelDescriptor listener = UnixSocket.Listen(path, 0);
        using KernelDescriptor first = UnixSocket.Connect(path, Long);
        long start = Stopwatch.GetTimestamp();
        LinuxException failure = Assert.Throws<LinuxException>(() => UnixSocket.Connect(path, TimeSpan.FromMilliseconds(50)));
        Assert.Equal($"connect to {path}: ETIMEDOUT", failure.Message);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromMilliseconds(45), TimeSpan.FromSeconds(20));

        KernelDescriptor? second = null;
        var waiter = new Thread(() => second = UnixSocket.Connect(path, Long));
        waiter.Start();
        Deadline deadline = Deadline.After(Long);
        int accepted = 0;
        while (accepted < 2 && !deadline.HasPassed)
        {
            if (listener.Poll(PollEvents.In, deadline.RemainingMs) > 0 && DescriptorIo.Accept(listener, out IDescriptor? server).IsDone)
            {
                server!.Dispose();
                accepted++;
            }
        }

        waiter.Join();
        Assert.NotNull(second);
        second.Dispose();
    }

    [Fact]
    public void What_cannot_be_connected_to_or_listened_on_is_named()
    {
        string folder = Places.Scratch("unix-errors");
        string path = Path.Combine(folder, "s");
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => UnixSocket.Connect(path, Long)).Errno);
        UnixSocket.Listen(path, 1).Dispose();
        Assert.Equal($"connect to {path}: ECONNREFUSED", Assert.Throws<LinuxException>(() => UnixSocket.Connect(path, Long)).Message);
        Assert.Equal($"listen on {path}: EADDRINUSE", Assert.Throws<LinuxException>(() => UnixSocket.Listen(path, 1)).Message);
    }

    [Fact]
    public void A_path_of_107_bytes_is_the_longest()
    {
        string folder = Places.Scratch("u");
        string longest = $"{folder}/{new string('x', 107 - folder.Length - 1)}";
        using (UnixSocket.Listen(longest, 1))
        {
            Assert.True(File.Exists(longest));
        }

        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<LinuxException>(() => UnixSocket.Listen(longest + "x", 1)).Errno);
    }
}
