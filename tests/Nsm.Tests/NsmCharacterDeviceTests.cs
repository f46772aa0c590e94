using Init.Linux;
using Init.Testing.Campaign;

namespace Init.Nsm.Tests;

public sealed class NsmCharacterDeviceTests
{
    [FailureMode(4, "No NSM, or one that does not answer")]
    [Fact]
    public void A_device_that_is_not_there_is_named()
    {
        NsmException failure = Assert.Throws<NsmException>(() => NsmCharacterDevice.Open("/dev/no-such-nsm"));
        Assert.Equal(NsmError.DeviceFailed, failure.Error);
        Assert.Equal("open /dev/no-such-nsm: ENOENT", failure.Message);
    }

    [FailureMode(4, "No NSM, or one that does not answer")]
    [Fact]
    public async Task Another_driver_refuses_the_call_and_each_open_is_counted()
    {
        NsmCharacterDevice device = NsmCharacterDevice.Open("/dev/null");
        long opens = device.Opens;
        using (NsmSession session = new(device, TimeProvider.System))
        {
            NsmException failure = await Assert.ThrowsAsync<NsmException>(() => session.DescribeAsync(Sessions.Patience).AsTask());
            Assert.Equal(NsmError.DeviceFailed, failure.Error);
            Assert.Equal("DescribeNsm: call /dev/null: ENOTTY", failure.Message);
            Assert.Equal(Errno.ENOTTY, Assert.IsType<LinuxException>(failure.InnerException).Errno);
        }

        using NsmCharacterDevice again = NsmCharacterDevice.Open("/dev/null");
        Assert.Equal(opens + 1, again.Opens);
    }
}
