using System.Buffers;
using System.Globalization;

namespace Init.Linux.Tests;

public sealed class MemoryTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(4097, false)]
    [InlineData(4 << 20, true)]
    public void Anonymous_memory_is_zero_and_can_be_written_to_its_end(int bytes, bool hugePages)
    {
        using var memory = new AnonymousMemory(bytes, hugePages);
        Assert.Equal(bytes, memory.GetSpan().Length);
        Assert.False(memory.GetSpan().ContainsAnyExcept((byte)0));
        memory.Memory.Span[^1] = 7;
        Assert.Equal(7, memory.GetSpan()[^1]);
    }

    [Fact]
    public unsafe void What_is_reserved_is_not_accounted_for_nor_dumped()
    {
        using var memory = new AnonymousMemory(1 << 30);
        using MemoryHandle pin = memory.Pin();
        string address = ((nint)pin.Pointer).ToString("x", CultureInfo.InvariantCulture);
        string[] flags = File.ReadLines("/proc/self/smaps")
            .SkipWhile(line => !line.StartsWith(address + "-", StringComparison.Ordinal))
            .First(line => line.StartsWith("VmFlags:", StringComparison.Ordinal)).Split(' ');
        Assert.Contains("nr", flags);
        Assert.Contains("dd", flags);
    }

    [Fact]
    public void Memory_that_is_disposed_is_refused()
    {
        var memory = new AnonymousMemory(1);
        ((IDisposable)memory).Dispose();
        ((IDisposable)memory).Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.GetSpan().Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
    }

    [Fact]
    public unsafe void A_pin_keeps_the_memory_until_it_is_gone()
    {
        // So large that nobody else's mapping comes to lie at its start once it is gone.
        var memory = new AnonymousMemory(1 << 30);
        MemoryHandle pin = memory.Pin(4096);
        ((IDisposable)memory).Dispose();
        *(byte*)pin.Pointer = 1;
        Assert.True(IsMapped((nint)pin.Pointer));
        nint address = (nint)pin.Pointer;
        pin.Dispose();
        Assert.False(IsMapped(address));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnonymousMemory(1).Pin(2));
    }

    [Fact]
    public void Memory_of_no_bytes_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new AnonymousMemory(0));

    [Fact]
    public void Two_mappings_of_a_file_are_the_same_memory()
    {
        using FileDescriptor file = MemoryFile.Create("shared", 3 * 4096);
        using var first = new SharedMapping(file, 0, 3 * 4096);
        using var second = new SharedMapping(file, 5000, 3000);
        first.Span(5000, 3)[0] = 42;
        Assert.Equal(42, second.Span(0, 1)[0]);
        second.WriteUInt16Release(2998, 0x1234);
        Assert.Equal(0x1234, first.ReadUInt16Acquire(7998));
        Assert.Equal([0x34, 0x12], first.Span(7998, 2).ToArray());
        Assert.Equal(3000, second.Length);
    }

    [Fact]
    public void Nothing_outside_of_a_mapping_can_be_reached()
    {
        using FileDescriptor file = MemoryFile.Create("bounds", 8192);
        using var mapping = new SharedMapping(file, 100, 1000);
        Assert.Equal(1000, mapping.Span(0, 1000).Length);
        Assert.Equal(0, mapping.Span(1000, 0).Length);
        (long Offset, int Length)[] outside = [(-1, 1), (0, 1001), (1000, 1), (1001, 0), (long.MaxValue, 1), (long.MinValue, 1), (0, -1), (0, int.MaxValue)];
        Assert.All(outside, o => Assert.Throws<ArgumentOutOfRangeException>(() => mapping.Span(o.Offset, o.Length).Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.ReadUInt16Acquire(999));
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.ReadUInt16Acquire(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.WriteUInt16Release(1000, 1));
        mapping.Dispose();
        mapping.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mapping.Span(0, 1).Length);
    }

    [Fact]
    public void A_mapping_that_cannot_be_is_refused()
    {
        using FileDescriptor file = MemoryFile.Create("refused", 4096);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedMapping(file, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedMapping(file, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedMapping(file, long.MaxValue, 1));
        using FileDescriptor readOnly = FileSystem.Open("/proc/self/exe", OpenOptions.ReadOnly);
        Assert.Equal("map 1 shared bytes: EACCES", Assert.Throws<LinuxException>(() => new SharedMapping(readOnly, 0, 1)).Message);
    }

    [Fact]
    public void A_memory_file_has_its_size_and_a_name()
    {
        using FileDescriptor file = MemoryFile.Create("some-name", 12345);
        Assert.StartsWith("/memfd:some-name", FileSystem.ReadLink($"/proc/self/fd/{file.Number}"));
        Assert.Equal(12345, Native.SizeOf(file.Number));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => MemoryFile.Create("negative", -1)).Errno);
    }

    private static bool IsMapped(nint address) => File.ReadLines("/proc/self/maps").Any(line =>
    {
        string[] range = line.Split(' ')[0].Split('-');
        return Convert.ToInt64(range[0], 16) <= address && address < Convert.ToInt64(range[1], 16);
    });
}
