namespace Init.Enclave.Bench;

/// <summary>When something happened, in milliseconds.</summary>
/// <param name="WallMs">Since QEMU's start.</param>
/// <param name="CpuMs">What QEMU had used of the processors by then: on a busy machine the steadier of the two.</param>
internal readonly record struct Moment(double WallMs, double CpuMs)
{
    public static Moment operator -(Moment later, Moment earlier) => new(later.WallMs - earlier.WallMs, later.CpuMs - earlier.CpuMs);
}
