using System.Text;
using Init.Console;
using Init.Linux;
using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Init.Tests.Console;

public sealed class BootConsoleTests
{
    [Fact]
    public void Lines_from_before_there_is_a_console_are_kept()
    {
        BootConsole console = new();
        Assert.True(console.IsUnopened);
        console.WriteLine("filesystems: mounted /dev");
        MemoryDescriptor descriptor = new();
        console.Open(descriptor);
        console.WriteLine("console: opened");
        Assert.Equal("[init] filesystems: mounted /dev\n[init] console: opened\n", TextOf(descriptor));
        Assert.Equal(0, console.DroppedLines);
        Assert.False(console.IsUnopened);
    }

    [FailureMode(17, "The consumer of telemetry is slow or gone")]
    [Fact]
    public void Only_a_few_lines_are_kept()
    {
        BootConsole console = new();
        for (int i = 0; i < 10; i++)
        {
            console.WriteLine("line");
        }

        Assert.Equal(6, console.DroppedLines);
    }

    [FailureMode(17, "The consumer of telemetry is slow or gone")]
    [Fact]
    public void Without_a_console_every_line_is_dropped_and_counted()
    {
        BootConsole console = new();
        console.WriteLine("one");
        console.Open(null);
        console.WriteLine("two");
        Assert.Equal(2, console.DroppedLines);
    }

    [FailureMode(16, "Nobody reads the console")]
    [Fact]
    public void A_full_pipe_that_nobody_reads_never_makes_a_line_wait()
    {
        (KernelDescriptor ours, KernelDescriptor theirs) = UnixSocket.Pair();
        using (theirs)
        {
            BootConsole console = new();
            console.Open(ours);
            string line = new('x', 400);
            for (int i = 0; i < 10_000; i++)
            {
                console.WriteLine(line);
            }

            Assert.InRange(console.DroppedLines, 1, 9_999);
            console.Close();
        }
    }

    [Fact]
    public void After_a_line_that_was_cut_off_the_next_one_begins_anew()
    {
        CuttingDescriptor descriptor = new(10);
        BootConsole console = new();
        console.Open(descriptor);
        console.WriteLine("first");
        descriptor.Room = 1000;
        console.WriteLine("second");
        console.WriteLine("third");
        Assert.Equal("[init] fir\n[init] second\n[init] third\n", TextOf(descriptor.Inner));
        Assert.Equal(1, console.DroppedLines);
    }

    [Fact]
    public void A_line_is_cut_at_its_limit_and_has_nothing_that_a_terminal_obeys()
    {
        MemoryDescriptor descriptor = new();
        BootConsole console = new();
        console.Open(descriptor);
        console.WriteLine("\u001b[2J\n\u00e9" + new string('x', 5000));
        string text = TextOf(descriptor);
        Assert.StartsWith("[init] ?[2J??x", text);
        Assert.Equal(BootConsole.MaxLineBytes, text.Length);
        Assert.Equal(text.Length - 1, text.IndexOf('\n'));
    }

    [FailureMode(16, "Nobody reads the console")]
    [Fact]
    public void After_it_is_closed_nothing_is_written()
    {
        MemoryDescriptor descriptor = new();
        BootConsole console = new();
        console.Open(descriptor);
        console.Close();
        console.WriteLine("too late");
        Assert.Empty(descriptor.Written);
        Assert.True(SpinWait.SpinUntil(() => descriptor.IsDisposed, TimeSpan.FromSeconds(30)));
        Assert.Equal(1, console.DroppedLines);
    }

    private static string TextOf(MemoryDescriptor descriptor) => Encoding.ASCII.GetString([.. descriptor.Written]);

    /// <summary>Takes so many bytes of a write and no more.</summary>
    private sealed class CuttingDescriptor(int room) : IDescriptor
    {
        public MemoryDescriptor Inner { get; } = new();

        public int Room { get; set; } = room;

        public int Number => -1;

        public PeerAddress Peer => PeerAddress.None;

        public int Read(Span<byte> buffer) => 0;

        public int Write(ReadOnlySpan<byte> buffer) => Inner.Write(buffer[..Math.Min(Room, buffer.Length)]);

        public int Accept(out IDescriptor? connection) => Inner.Accept(out connection);

        public int ConnectError() => 0;

        public int Poll(PollEvents events, int timeoutMs) => 0;

        public int Shutdown(ShutdownSides sides) => 0;

        public void Dispose()
        {
        }
    }
}
