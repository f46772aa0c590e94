using Init.Testing.Campaign;

namespace Init.Linux.Tests;

public sealed class RandomDeviceTests
{
    [Fact]
    public void Random_bytes_come_without_waiting()
    {
        Assert.True(RandomDevice.IsReady);
        byte[] first = new byte[100_000];
        byte[] second = new byte[100_000];
        Assert.True(RandomDevice.TryFill(first));
        Assert.True(RandomDevice.TryFill(second));
        Assert.NotEqual(first, second);
        Assert.InRange(first.Distinct().Count(), 250, 256);
        Assert.True(first.AsSpan(99_000).ContainsAnyExcept((byte)0));
        Assert.True(RandomDevice.TryFill([]));
    }

    [FailureMode(9, "Entropy that credits nothing")]
    [RootFact]
    public void Entropy_is_credited()
    {
        using var device = new RandomDevice();
        device.Credit([1, 2, 3, 4], 0);
        Assert.InRange(device.EntropyBits(), 1, 256);
    }

    [FailureMode(9, "Entropy that credits nothing")]
    [Fact]
    public void More_entropy_than_bits_is_refused_and_so_are_too_many_bytes()
    {
        using var device = new RandomDevice("/dev/null");
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Credit(new byte[4], 33));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Credit(new byte[4], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Credit(new byte[RandomDevice.MaxCreditBytes + 1], 0));
    }

    [Fact]
    public void Another_device_is_refused()
    {
        using var device = new RandomDevice("/dev/null");
        Assert.Equal("credit entropy: ENOTTY", Assert.Throws<LinuxException>(() => device.Credit(new byte[4], 32)).Message);
        Assert.Equal("read the entropy count: ENOTTY", Assert.Throws<LinuxException>(() => device.EntropyBits()).Message);
    }
}
