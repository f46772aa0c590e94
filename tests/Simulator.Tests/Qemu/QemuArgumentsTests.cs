using Init.Simulator.Qemu;

namespace Init.Simulator.Tests.Qemu;

public sealed class QemuArgumentsTests
{
    private static readonly QemuEnclaveOptions Options = new() { ImagePath = "x.eif", Cpus = 3, Append = "quiet", ExtraArguments = ["-S"] };
    private static readonly QemuPlaces Places = new("/run/a,b/vhost", null, "/run/monitor", "/proc/1/fd/5");

    [Fact]
    public void The_machine_gets_the_image_its_memory_and_its_processors()
    {
        IReadOnlyList<string> arguments = For(Options, 2_500_000);
        Assert.Equal("x.eif", ValueOf(arguments, "-kernel"));
        Assert.Equal("512M", ValueOf(arguments, "-m"));
        Assert.Equal("3", ValueOf(arguments, "-smp"));
        Assert.StartsWith("nitro-enclave,", ValueOf(arguments, "-M"));
        Assert.Contains("-no-reboot", arguments);
        Assert.Equal("-S", arguments[^1]);
    }

    [Fact]
    public void A_comma_in_a_path_does_not_end_it() =>
        Assert.Equal("socket,id=c,path=/run/a,,b/vhost", ValueOf(For(Options, null), "-chardev"));

    [Theory]
    [InlineData(2_500_000L, "tsc_early_khz=2500000 tsc=reliable reboot=t quiet")]
    [InlineData(null, "reboot=t quiet")]
    public void The_kernel_is_told_the_clock_where_it_is_known(long? tsc, string append) =>
        Assert.Equal(append, ValueOf(For(Options, tsc), "-append"));

    [Fact]
    public void A_console_that_is_thrown_away_goes_to_null() =>
        Assert.Equal("null", ValueOf(QemuArguments.For(Options, new QemuLocation("qemu", null), 512, null, Places with { Console = null }), "-serial"));

    [Fact]
    public void A_software_NSM_takes_the_place_of_QEMUs_own()
    {
        IReadOnlyList<string> arguments = QemuArguments.For(Options, new QemuLocation("qemu", null), 512, null, Places with { NsmSocket = "/run/a,b/nsm" });
        Assert.Equal("virtio-nsm-device.absent=on", ValueOf(arguments, "-global"));
        Assert.Contains("socket,id=n,path=/run/a,,b/nsm", arguments);
        Assert.StartsWith("vhost-user-device,chardev=n,virtio-id=33,num_vqs=1,", ValueOf(arguments, "-device"), StringComparison.Ordinal);
        Assert.DoesNotContain("-device", For(Options, null));
    }

    private static IReadOnlyList<string> For(QemuEnclaveOptions options, long? tsc) =>
        QemuArguments.For(options, new QemuLocation("qemu", "/firmware"), 512, tsc, Places);

    private static string ValueOf(IReadOnlyList<string> arguments, string name) =>
        arguments[arguments.ToList().IndexOf(name) + 1];
}
