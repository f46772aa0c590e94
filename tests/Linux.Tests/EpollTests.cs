namespace Init.Linux.Tests;

public sealed class EpollTests
{
    [Fact]
    public void Readiness_is_reported_with_its_token_until_it_is_taken()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        using (second)
        using (var epoll = new Epoll())
        {
            const ulong token = 0xFEDC_BA98_7654_3210;
            var events = new EpollEvent[4];
            epoll.Add(first.Number, EpollEvents.In | EpollEvents.ReadHangUp, token);
            Assert.Equal(0, epoll.Wait(events, 0));
            Assert.True(DescriptorIo.Write(second, "x"u8).IsDone);
            for (int i = 0; i < 2; i++)
            {
                Assert.Equal(1, epoll.Wait(events, 30_000));
                Assert.Equal((EpollEvents.In, token), (events[0].Events, events[0].Token));
            }

            Assert.True(DescriptorIo.Read(first, new byte[1]).IsDone);
            Assert.Equal(0, epoll.Wait(events, 0));
            epoll.Modify(first.Number, EpollEvents.Out, 7);
            Assert.Equal(1, epoll.Wait(events, 30_000));
            Assert.Equal((EpollEvents.Out, 7ul), (events[0].Events, events[0].Token));
            epoll.Remove(first.Number);
            Assert.Equal(0, epoll.Wait(events, 0));
        }
    }

    [Fact]
    public void Many_are_reported_at_once_and_the_rest_next_time()
    {
        using var epoll = new Epoll();
        EventCounter[] counters = [.. Enumerable.Range(0, 5).Select(_ => new EventCounter())];
        for (int i = 0; i < counters.Length; i++)
        {
            counters[i].Signal();
            epoll.Add(counters[i].Number, EpollEvents.In, (ulong)i);
        }

        HashSet<ulong> seen = [];
        var events = new EpollEvent[3];
        for (int waits = 0; seen.Count < 5 && waits < 4; waits++)
        {
            int count = epoll.Wait(events, 30_000);
            Assert.InRange(count, 1, 3);
            seen.UnionWith(events.Take(count).Select(e => e.Token));
        }

        Assert.Equal(5, seen.Count);
        Assert.All(counters, c => c.Dispose());
    }

    [Fact]
    public void A_descriptor_that_is_closed_leaves_by_itself()
    {
        using var epoll = new Epoll();
        var counter = new EventCounter();
        counter.Signal();
        epoll.Add(counter.Number, EpollEvents.In, 1);
        counter.Dispose();
        Assert.Equal(0, epoll.Wait(new EpollEvent[1], 0));
    }

    [Fact]
    public void What_cannot_be_watched_is_named()
    {
        using var epoll = new Epoll();
        using var counter = new EventCounter();
        epoll.Add(counter.Number, EpollEvents.In, 1);
        Assert.Equal(
            $"watch descriptor {counter.Number}: EEXIST",
            Assert.Throws<LinuxException>(() => epoll.Add(counter.Number, EpollEvents.In, 1)).Message);
        epoll.Remove(counter.Number);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => epoll.Remove(counter.Number)).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => epoll.Modify(counter.Number, EpollEvents.In, 1)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => epoll.Wait([], 0)).Errno);
    }

    [Fact]
    public void A_wait_allocates_nothing()
    {
        using var epoll = new Epoll();
        using var counter = new EventCounter();
        counter.Signal();
        epoll.Add(counter.Number, EpollEvents.In, 1);
        Span<EpollEvent> events = new EpollEvent[4];
        epoll.Wait(events, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            epoll.Wait(events, 0);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
