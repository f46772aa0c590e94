namespace Init.Linux.Tests;

public sealed class LinuxExceptionTests
{
    [Fact]
    public void The_message_is_operation_object_cause()
    {
        Assert.Equal("mount /proc: EBUSY", new LinuxException("mount /proc", Errno.EBUSY).Message);
        Assert.Equal("mount /proc: errno 4095", new LinuxException("mount /proc", (Errno)4095).Message);
        Assert.Equal(Errno.EBUSY, new LinuxException("", Errno.EBUSY).Errno);
    }
}
