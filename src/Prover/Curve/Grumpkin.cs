using Fr = Init.Prover.Curve.FieldElement<Init.Prover.Curve.ScalarFieldModulus>;

namespace Init.Prover.Curve;

/// <summary>Membership of Grumpkin, the curve whose coordinates are BN254's scalars.</summary>
internal static class Grumpkin
{
    /// <summary>The length of a point: x, y.</summary>
    public const int PointBytes = 2 * Fr.LengthBytes;

    private static readonly Fr Seventeen = Fr.FromUInt64(17);

    /// <summary>Whether y^2 = x^3 - 17 with both coordinates below r. The cofactor is one.</summary>
    /// <param name="x">32 bytes, most significant first.</param>
    /// <param name="y">32 bytes, most significant first.</param>
    public static bool IsOnCurve(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) =>
        Fr.TryFromBigEndian(x, out Fr fx)
        && Fr.TryFromBigEndian(y, out Fr fy)
        && fy.Square().Equals((fx.Square() * fx) - Seventeen);
}
