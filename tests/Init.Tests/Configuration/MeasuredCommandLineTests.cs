using Init.Configuration;

namespace Init.Init.Tests.Configuration;

public sealed class MeasuredCommandLineTests
{
    private const string Measured = "reboot=k console=ttyS0 init_on_free=1 init.port=6000";
    private const string Devices = "virtio_mmio.device=4K@0xd0000000:5 virtio_mmio.device=512@0xfeb00e00:12:0";

    [Theory]
    [InlineData(Measured)]
    [InlineData($"{Measured} {Devices}\n")]
    [InlineData($"{Devices} {Measured}")]
    [InlineData($"{Measured} tsc_early_khz=2500000 tsc=reliable reboot=t quiet loglevel=0 {Devices}")]
    public void The_measured_line_passes_with_the_hypervisors_devices(string line) =>
        Assert.Equal("as measured", MeasuredCommandLine.Check(line, Measured + "\n"));

    [Theory]
    [InlineData("nokaslr")]
    [InlineData("mitigations=off")]
    [InlineData("rdinit=/crs/bn254_g1.dat")]
    [InlineData("init=/crs/bn254_g1.dat")]
    [InlineData("lsm=")]
    [InlineData("init.heartbeat=off")]
    [InlineData("init.require_sealed=0")]
    [InlineData("init_on_alloc=0")]
    [InlineData("DOTNET_GCHeapHardLimit=1000000")]
    [InlineData("reboot=k")]
    [InlineData("--")]
    [InlineData("\"virtio_mmio.device=4K@0xd0000000:5 nokaslr\"")]
    [InlineData("virtio_mmio.device=4K@0xd0000000:5,nokaslr")]
    [InlineData("virtio_mmio.device=4K@d0000000:5")]
    [InlineData("virtio_mmio.device=4KM@0xd0000000:5")]
    [InlineData("virtio_mmio.device=@0xd0000000:5")]
    [InlineData("virtio_mmio.device=4K@0x:5")]
    [InlineData("virtio_mmio.device=4K@0xd0000000")]
    [InlineData("virtio_mmio.device=4K@0xd0000000:5:0:1")]
    [InlineData("virtio_mmio.device=4K@0xd0000000:5@0x1:2")]
    [InlineData("virtio_mmio.debug")]
    [InlineData("tsc_early_khz=")]
    [InlineData("tsc_early_khz=1x")]
    [InlineData("tsc=unstable")]
    [InlineData("reboot=t,force")]
    public void Any_other_word_is_refused_and_named(string word)
    {
        foreach (string line in new[] { $"{Measured} {word}", $"{word} {Measured}", $"{Measured} {Devices} {word}", $"{Measured} {word} {Devices}" })
        {
            string message = Assert.Throws<SettingsException>(() => MeasuredCommandLine.Check(line, Measured)).Message;
            Assert.Contains("was not measured", message, StringComparison.Ordinal);
        }

        Assert.StartsWith(
            word.Split(' ')[0],
            Assert.Throws<SettingsException>(() => MeasuredCommandLine.Check($"{Measured} {word}", Measured)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=\"b quiet c\"", "a=\"b c\"")]
    [InlineData("a=\"b virtio_mmio.device=4K@0xd0000000:5 c\"", "a=\"b c\"")]
    [InlineData("a=\"b\"", "a=\"b\"")]
    [InlineData("quiet\u0085reboot=t", "")]
    [InlineData("quiet\u00a0reboot=t", "")]
    [InlineData("init.port=6000\ufffdnokaslr", null)]
    public void Words_that_the_kernel_would_read_differently_are_refused(string line, string? measured) =>
        Assert.Throws<SettingsException>(() => MeasuredCommandLine.Check(line, measured));

    [Fact]
    public void A_measured_word_that_is_missing_is_refused()
    {
        SettingsException refusal = Assert.Throws<SettingsException>(() => MeasuredCommandLine.Check("reboot=k console=ttyS0 init_on_free=1", Measured));
        Assert.Equal("init.port=6000: was measured, and the kernel was started without it", refusal.Message);
        Assert.Throws<SettingsException>(() => MeasuredCommandLine.Check("", Measured));
        Assert.Throws<SettingsException>(() => MeasuredCommandLine.Check("console=ttyS0 reboot=k init_on_free=1 init.port=6000", Measured));
    }

    [Theory]
    [InlineData("reboot=k panic=30 pci=off nomodules console=ttyS0 i8042.noaux i8042.nomux i8042.nopnp i8042.dumbkbd random.trust_cpu=on")]
    [InlineData($"reboot=k panic=-1 loglevel=0 {Devices} init.port=6000")]
    [InlineData("")]
    public void An_image_that_does_not_say_may_have_known_words_and_settings(string line) =>
        Assert.Equal("known words", MeasuredCommandLine.Check(line, measured: null));

    [Fact]
    public void Every_word_of_the_default_line_is_known() =>
        Assert.Equal("known words", MeasuredCommandLine.Check(Eif.KernelCommandLine.Default, measured: null));

    [Theory]
    [InlineData("nokaslr")]
    [InlineData("reboot=w")]
    [InlineData("\"init.port=6000")]
    [InlineData("DOTNET_gcServer=1")]
    public void And_no_other(string word) =>
        Assert.StartsWith(word, Assert.Throws<SettingsException>(() => MeasuredCommandLine.Check($"reboot=k {word}", measured: null)).Message);
}
