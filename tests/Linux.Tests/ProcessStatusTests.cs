namespace Init.Linux.Tests;

[Collection(nameof(AloneGroup))]
public sealed class ProcessStatusTests
{
    [Fact]
    public void Descriptors_are_counted_one_by_one()
    {
        // What tests before left to the collector is closed now, and not in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int before = ProcessStatus.Read().Descriptors;

        // The folder that this opens to count is in its own count.
        Assert.Equal(Directory.GetFileSystemEntries("/proc/self/fd").Length - 1, before);
        EventCounter[] counters = [.. Enumerable.Range(0, 500).Select(_ => new EventCounter())];

        // 500 entries take several getdents64 calls.
        Assert.Equal(before + 500, ProcessStatus.Read().Descriptors);
        Assert.All(counters, c => c.Dispose());
        Assert.Equal(before, ProcessStatus.Read().Descriptors);
    }

    [Fact]
    public void Threads_are_counted()
    {
        using var over = new ManualResetEventSlim();
        using var started = new CountdownEvent(20);
        Thread[] threads = [.. Enumerable.Range(0, 20).Select(_ => new Thread(() =>
        {
            started.Signal();
            over.Wait();
        }))];
        int before = ProcessStatus.Read().Threads;
        Assert.All(threads, t => t.Start());
        started.Wait();

        // The pool may add or end a few meanwhile.
        Assert.InRange(ProcessStatus.Read().Threads, before + 15, before + 30);
        over.Set();
        Assert.All(threads, t => t.Join());
    }

    [Fact]
    public void Memory_that_is_touched_shows()
    {
        const int bytes = 64 << 20;
        ProcessStatus before = ProcessStatus.Read();
        using var memory = new AnonymousMemory(bytes);
        ProcessStatus reserved = ProcessStatus.Read();
        Assert.InRange(reserved.ResidentBytes - before.ResidentBytes, -(bytes / 4), bytes / 4);
        memory.GetSpan().Fill(1);
        ProcessStatus touched = ProcessStatus.Read();
        Assert.InRange(touched.ResidentBytes - reserved.ResidentBytes, bytes * 3L / 4, bytes * 5L / 4);
        Assert.InRange(touched.PeakResidentBytes, touched.ResidentBytes - bytes / 4, long.MaxValue);
        ((IDisposable)memory).Dispose();
        Assert.InRange(ProcessStatus.Read().ResidentBytes - touched.ResidentBytes, -bytes * 5L / 4, -bytes * 3L / 4);
    }

    [Fact]
    public void Waits_and_time_are_counted()
    {
        ProcessStatus before = ProcessStatus.Read();
        using var timer = new KernelTimer();
        using var epoll = new Epoll();
        epoll.Add(timer.Number, EpollEvents.In, 1);
        for (int i = 0; i < 5; i++)
        {
            timer.Set(TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, epoll.Wait(new EpollEvent[1], 30_000));
            timer.Take();
        }

        ProcessStatus after = ProcessStatus.Read();
        Assert.InRange(after.VoluntarySwitches - before.VoluntarySwitches, 5, 100_000);
        Assert.True(after.InvoluntarySwitches >= before.InvoluntarySwitches);
        Assert.InRange(after.ProcessorTime, before.ProcessorTime, before.ProcessorTime + TimeSpan.FromSeconds(60));
        Assert.True(after.ProcessorTime > TimeSpan.Zero);
    }

    [Fact]
    public void Reading_it_allocates_next_to_nothing()
    {
        ProcessStatus.Read();
        long before = GC.GetAllocatedBytesForCurrentThread();
        ProcessStatus.Read();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }
}
