namespace Init.Linux.Tests;

public sealed class MemoryStatusTests
{
    [Fact]
    public void The_machines_memory_is_read()
    {
        MemoryStatus status = MemoryStatus.Read();
        Assert.InRange(status.TotalBytes, 64L << 20, 1L << 50);
        Assert.InRange(status.AvailableBytes, 1, status.TotalBytes);
        Assert.Contains($" {status.TotalBytes / 1024} kB", File.ReadLines("/proc/meminfo").First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MemTotal:       24684212 kB\nMemFree: 1 kB\n", 24684212L * 1024)]
    [InlineData("MemFree: 1 kB\nMemTotal: 2 kB\n", 2048)]
    public void A_field_is_found(string text, long bytes) =>
        Assert.Equal(bytes, MemoryStatus.FieldBytes(System.Text.Encoding.ASCII.GetBytes(text), "MemTotal:"u8));

    [Theory]
    [InlineData("")]
    [InlineData("MemFree: 1 kB\n")]
    [InlineData("MemTotal: many kB\n")]
    [InlineData("MemTotal:")]
    public void A_field_that_is_missing_is_refused(string text) =>
        Assert.Equal(
            Errno.EBADMSG,
            Assert.Throws<LinuxException>(() => MemoryStatus.FieldBytes(System.Text.Encoding.ASCII.GetBytes(text), "MemTotal:"u8)).Errno);
}
