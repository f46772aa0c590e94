namespace Init.Linux.Tests;

/// <summary>The call's layout is checked in HeaderTests; exchanges with a device are proven by the system tests, in an enclave.</summary>
public sealed class NsmIoctlTests
{
    [Fact]
    public void A_device_that_is_no_NSM_returns_its_errno_and_no_bytes()
    {
        using FileDescriptor device = FileSystem.Open("/dev/null", OpenOptions.ReadWrite);
        Assert.Equal(-(int)Errno.ENOTTY, NsmIoctl.Exchange(device, "x"u8, new byte[16], out int bytes));
        Assert.Equal(0, bytes);
    }

    [Fact]
    public void The_limits_are_the_driver_s() => Assert.Equal((4096, 12288), (NsmIoctl.MaxRequestBytes, NsmIoctl.MaxResponseBytes));
}
