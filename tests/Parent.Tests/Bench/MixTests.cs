using Init.Parent.Bench;

namespace Init.Parent.Tests.Bench;

public sealed class MixTests
{
    [Fact]
    public void Shares_are_of_their_sum_and_an_operation_is_drawn_by_its_share()
    {
        Mix mix = Mix.TryParse("echo:64=6,health=3,attest", out string? error)!;
        Assert.Null(error);
        Assert.Equal(["echo:64", "health", "attest"], mix.Parts.Select(part => part.Name));
        Assert.Equal([0, 0, 1, 1, 2, 2], new[] { 0, 0.59, 0.61, 0.89, 0.91, 1 }.Select(mix.IndexOf));
        Assert.True(mix.Has(Workload.Attest, Workload.Prove));
        Assert.False(mix.Has(Workload.Prove));
    }

    [Fact]
    public void An_echo_without_a_size_has_one() => Assert.Equal("echo:64", Mix.TryParse("echo", out _)!.Parts[0].Name);

    [Theory]
    [InlineData("")]
    [InlineData("echo=")]
    [InlineData("echo:x")]
    [InlineData("echo:-1")]
    [InlineData("echo:99999999999")]
    [InlineData("echo:67108865")]
    [InlineData("echo=0")]
    [InlineData("echo=-1")]
    [InlineData("echo=1=2")]
    [InlineData("echo=NaN")]
    [InlineData("echo=1e999")]
    [InlineData("health:64")]
    [InlineData("Echo")]
    [InlineData("2")]
    [InlineData("shutdown")]
    [InlineData("echo,,health")]
    [InlineData("echo:64,echo:64=2")]
    public void What_is_no_mix_is_refused(string text)
    {
        Assert.Null(Mix.TryParse(text, out string? error));
        Assert.StartsWith("--mix: ", error, StringComparison.Ordinal);
    }
}
