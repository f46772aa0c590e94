using Init.Simulator.Qemu;

namespace Init.Simulator.Tests.Qemu;

public sealed class TscFrequencyTests
{
    private const int HypervisorBit = 1 << 31;
    private static readonly string[] CpuInfo = ["processor\t: 0", "cpu MHz\t\t: 2499.998", "cpu MHz\t\t: 1.000"];

    [Fact]
    public void The_crystal_and_its_ratio_come_first() =>
        Assert.Equal(2_496_000, TscFrequency.Detect(Cpuid((0, 0x16), (0x15, 2)), isScaled: false, CpuInfo));

    [Fact]
    public void A_crystal_of_unknown_frequency_says_nothing() =>
        Assert.Equal(2_499_998, TscFrequency.Detect((leaf, _) => leaf == 0 ? (0x16, 0, 0, 0) : leaf == 0x15 ? (2, 208, 0, 0) : default, false, CpuInfo));

    [Fact]
    public void Then_the_hypervisor() =>
        Assert.Equal(2_100_000, TscFrequency.Detect(Hypervisor(0x4000_0010), isScaled: true, CpuInfo));

    [Fact]
    public void A_hypervisor_without_the_leaf_is_not_asked_for_it() =>
        Assert.Null(TscFrequency.Detect(Hypervisor(0x4000_0001), isScaled: true, CpuInfo));

    [Fact]
    public void Then_the_kernel_where_it_does_not_scale_the_frequency()
    {
        Assert.Equal(2_499_998, TscFrequency.Detect((_, _) => default, isScaled: false, CpuInfo));
        Assert.Null(TscFrequency.Detect((_, _) => default, isScaled: true, CpuInfo));
    }

    [Theory]
    [InlineData("processor : 0")]
    [InlineData("cpu MHz : fast")]
    [InlineData("cpu MHz : 0.000")]
    public void Words_that_say_nothing_give_nothing(string line) =>
        Assert.Null(TscFrequency.Detect((_, _) => default, isScaled: false, [line]));

    private static Func<uint, uint, (int, int, int, int)> Cpuid((int Leaf, int Max) first, (int Leaf, int Denominator) crystal) =>
        (leaf, _) => leaf == first.Leaf ? (first.Max, 0, 0, 0) : leaf == crystal.Leaf ? (crystal.Denominator, 208, 24_000_000, 0) : default;

    private static Func<uint, uint, (int, int, int, int)> Hypervisor(int last) => (leaf, _) => leaf switch
    {
        1 => (0, 0, HypervisorBit, 0),
        0x4000_0000 => (last, 0, 0, 0),
        0x4000_0010 => (2_100_000, 0, 0, 0),
        _ => default,
    };
}
