using System.Text;

namespace Init.Eif.Tests;

public sealed class KernelTests
{
    [Fact]
    public void The_default_command_line_has_a_reason_for_each_word_and_passes_its_own_check()
    {
        Assert.All(KernelCommandLine.Words, word => Assert.NotEmpty(word.Reason));
        Assert.Equal(
            "reboot=k panic=-1 loglevel=0 pci=off console=ttyS0 i8042.noaux i8042.nomux i8042.nopnp i8042.dumbkbd random.trust_cpu=on",
            KernelCommandLine.Default);
        KernelCommandLine.Check(KernelCommandLine.Default);
    }

    [Fact]
    public void A_kernels_version_is_its_release_alone() =>
        Assert.Equal("6.12.1-x", KernelImage.ReadVersion(BzImage("6.12.1-x (me@here) #1 SMP")));

    [Theory]
    [InlineData("")]
    [InlineData("6\u0001")]
    public void A_kernel_without_a_version_is_refused(string version) =>
        Fails.With(EifError.InvalidInput, "names no version", () => KernelImage.ReadVersion(BzImage(version)));

    [Theory]
    [InlineData(0)]
    [InlineData(0x20f)]
    [InlineData(0x300)]
    public void Another_file_is_refused(int length) =>
        Fails.With(EifError.InvalidInput, "not a bzImage", () => KernelImage.ReadVersion(new MemoryStream(new byte[length])));

    [Fact]
    public void A_version_outside_of_the_file_is_refused()
    {
        using MemoryStream kernel = BzImage("6.12.1");
        kernel.SetLength(0x400);
        Fails.With(EifError.InvalidInput, "outside of its set-up code", () => KernelImage.ReadVersion(kernel));
    }

    [Fact]
    public void Metadata_is_the_json_that_nitro_cli_reads()
    {
        EifMetadata metadata = new()
        {
            ImageName = "init",
            ImageVersion = "1",
            BuildTool = "enclave",
            BuildToolVersion = "2",
            KernelVersion = "6.12.1",
        };
        Assert.Equal(
            """
            {"ImageName":"init","ImageVersion":"1","BuildMetadata":{"BuildTime":"1970-01-01T00:00:00Z","BuildTool":"enclave",
            "BuildToolVersion":"2","OperatingSystem":"Linux","KernelVersion":"6.12.1"},"DockerInfo":{},"CustomMetadata":{}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(metadata.ToJson().Span));
    }

    internal static MemoryStream BzImage(string version)
    {
        byte[] kernel = new byte[0x1000];
        "HdrS"u8.CopyTo(kernel.AsSpan(0x202));
        kernel[0x20e] = 0x00;
        kernel[0x20f] = 0x04;
        Encoding.ASCII.GetBytes(version).CopyTo(kernel, 0x600);
        return new MemoryStream(kernel);
    }
}
