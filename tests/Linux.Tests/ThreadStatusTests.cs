using System.Text;

namespace Init.Linux.Tests;

public sealed class ThreadStatusTests
{
    [Fact]
    public void Every_thread_of_this_process_is_there()
    {
        using ManualResetEventSlim end = new();
        Thread[] threads = [.. Enumerable.Range(0, 20).Select(_ => new Thread(end.Wait))];
        Array.ForEach(threads, thread => thread.Start());
        IReadOnlyList<ThreadStatus> read = ThreadStatus.ReadAll();
        end.Set();
        Array.ForEach(threads, thread => thread.Join());
        Assert.InRange(read.Count, threads.Length, int.MaxValue);
        Assert.Equal(read.Count, read.Select(thread => thread.Id).Distinct().Count());
        Assert.Contains(read, thread => thread.Id == Environment.ProcessId);
    }

    [Fact]
    public void Its_fields_are_read()
    {
        const string text = """
            Name:	init
            CapInh:	0000000000000001
            CapPrm:	0000000002400000
            CapEff:	0000000000400000
            CapBnd:	000001ffffffffff
            CapAmb:	0000000000000002
            NoNewPrivs:	1
            Seccomp:	2
            Seccomp_filters:	1
            """;
        Assert.Equal(new ThreadStatus(7, 1, 0x2400000, 0x400000, 0x1ffffffffff, 2, true, true), ThreadStatus.Parse(7, Encoding.UTF8.GetBytes(text)));
        Assert.False(ThreadStatus.Parse(7, Encoding.UTF8.GetBytes(text.Replace("Seccomp:\t2", "Seccomp:\t0", StringComparison.Ordinal))).IsFiltered);
    }

    [Theory]
    [InlineData("\nCapInh:\tx")]
    [InlineData("\nCapInh:\t0x1")]
    [InlineData("Name:\tCapInh:\t1")]
    [InlineData("")]
    public void What_is_missing_or_no_number_is_an_error(string text) =>
        Assert.Equal(Errno.EBADMSG, Assert.Throws<LinuxException>(() => ThreadStatus.Parse(7, Encoding.UTF8.GetBytes(text))).Errno);
}
