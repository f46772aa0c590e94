namespace Init.SystemTests;

/// <summary>What is attested is small, and does not grow unnoticed. bench/RESULTS.md has the numbers.</summary>
public sealed class SizeTests
{
    private const long MaxImageBytes = 14_000_000;

    // 27.0 MB when this was written: 21.5 of native code (prover, OpenSSL, runtime), 1.4 of managed code.
    private const long MaxProgramBytes = 28_000_000;

    private const long Implausible = 1 << 20;

    [GuestFact]
    public void The_image_without_the_reference_string_is_at_most_14_MB() =>
        Assert.InRange(new FileInfo(Images.WithCrs("size", crs: null).Path).Length, Implausible, MaxImageBytes);

    [GuestFact]
    public void The_program_is_at_most_28_MB() => Assert.InRange(new FileInfo(Guest.Init).Length, Implausible, MaxProgramBytes);
}
