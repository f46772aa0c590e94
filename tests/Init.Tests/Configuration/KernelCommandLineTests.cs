using Init.Configuration;
using Init.Testing.Campaign;

namespace Init.Init.Tests.Configuration;

public sealed class KernelCommandLineTests
{
    [FailureMode(3, "Unknown words reach PID 1")]
    [Fact]
    public void Words_of_others_are_ignored()
    {
        const string aws = "reboot=k panic=30 pci=off nomodules console=ttyS0 i8042.noaux random.trust_cpu=on init=/init -- init";
        Assert.Equal(new EnclaveSettings(), KernelCommandLine.Parse(aws));
    }

    [Fact]
    public void Settings_are_read_wherever_they_stand()
    {
        EnclaveSettings settings = KernelCommandLine.Parse("init.port=7000 quiet\tinit.heartbeat=optional -- init.threads=2\n");
        Assert.Equal(new EnclaveSettings { Port = 7000, Heartbeat = HeartbeatPolicy.Optional, Threads = 2 }, settings);
    }

    [FailureMode(3, "Unknown words reach PID 1")]
    [Theory]
    [InlineData("init.prot=5000", "not a setting")]
    [InlineData("init.port", "not a setting")]
    [InlineData("init.=1", "not a setting")]
    [InlineData("init.Port=5000", "not a setting")]
    [InlineData("\"init.port=5000\"", "not a setting")]
    [InlineData("init.port=\"5000\"", "may be 1 to 4294967294")]
    [InlineData("init.port=0", "may be 1 to 4294967294")]
    [InlineData("init.port=5000 init.port=5000", "set twice")]
    [InlineData("init.heartbeat=maybe", "may be required, optional, off")]
    [InlineData("init.crs_sha256=abc", "64 hexadecimal digits")]
    public void What_begins_as_a_setting_and_is_none_is_refused(string commandLine, string reason) =>
        Assert.Contains(reason, Assert.Throws<SettingsException>(() => KernelCommandLine.Parse(commandLine)).Message);

    [Fact]
    public void A_long_word_is_cut_in_the_message() =>
        Assert.InRange(
            Assert.Throws<SettingsException>(() => KernelCommandLine.Parse("init." + new string('x', 4000))).Message.Length, 1, 120);
}
