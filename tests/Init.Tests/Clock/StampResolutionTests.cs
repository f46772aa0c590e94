using Init.Clock;

namespace Init.Init.Tests.Clock;

public sealed class StampResolutionTests
{
    [Fact]
    public void Seconds_until_a_stamp_shows_milliseconds()
    {
        StampResolution resolution = new();
        Assert.Equal(1_000_000_000, resolution.After(1_790_000_000_000));
        Assert.Equal(1_000_000_000, resolution.After(1_790_000_016_000));
        Assert.Equal(1_000_000, resolution.After(1_790_000_032_001));
        Assert.Equal(1_000_000, resolution.After(1_790_000_048_000));
    }
}
