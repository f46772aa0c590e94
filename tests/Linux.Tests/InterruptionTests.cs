using System.Diagnostics;
using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

/// <summary>The kernel's own EINTR: a thread is sent signals without pause while it waits.</summary>
public sealed class InterruptionTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public void A_wait_for_events_ends_without_events() => Native.UnderSignals(() =>
    {
        using var epoll = new Epoll();
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(0, epoll.Wait(new EpollEvent[1], 60_000));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(50));
    });

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public void A_poll_says_so() => Native.UnderSignals(() =>
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        Assert.Equal(-(int)Errno.EINTR, first.Poll(PollEvents.In, 60_000));
        first.Dispose();
        second.Dispose();
    });

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public void No_byte_is_lost_either_way()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        using (second)
        {
            byte[] sent = [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 31))];
            byte[] received = new byte[sent.Length];
            byte[] returned = new byte[sent.Length];
            var echo = new Thread(() =>
            {
                DescriptorIo.ReadExactly(second, received, Deadline.After(Long));
                DescriptorIo.WriteAll(second, received, Deadline.After(Long));
            });
            echo.Start();
            Native.UnderSignals(() =>
            {
                Assert.True(DescriptorIo.WriteAll(first, sent, Deadline.After(Long)).IsDone);
                Assert.True(DescriptorIo.ReadExactly(first, returned, Deadline.After(Long)).IsDone);
            });
            echo.Join();
            Assert.Equal(sent, returned);
        }
    }

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public void A_connect_that_waits_goes_on_until_its_time()
    {
        string path = Path.Combine(Places.Scratch("unix-eintr"), "s");
        using KernelDescriptor listener = UnixSocket.Listen(path, 0);
        using KernelDescriptor first = UnixSocket.Connect(path, Long);
        Native.UnderSignals(() => Assert.Equal(
            Errno.ETIMEDOUT,
            Assert.Throws<LinuxException>(() => UnixSocket.Connect(path, TimeSpan.FromMilliseconds(100))).Errno));
    }
}
