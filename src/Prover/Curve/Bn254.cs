using Fq = Init.Prover.Curve.FieldElement<Init.Prover.Curve.BaseFieldModulus>;

namespace Init.Prover.Curve;

/// <summary>Membership of BN254's two groups, for points as bb's CRS files hold them: affine, big-endian.</summary>
internal static class Bn254
{
    /// <summary>The length of a G1 point: x, y.</summary>
    public const int G1PointBytes = 2 * Fq.LengthBytes;

    /// <summary>The length of a G2 point: x.c0, x.c1, y.c0, y.c1.</summary>
    public const int G2PointBytes = 4 * Fq.LengthBytes;

    private static readonly Fq Three = Fq.FromUInt64(3);

    /// <summary>Whether y^2 = x^3 + 3 with both coordinates below p. The cofactor is one, so such a point is in G1.</summary>
    /// <param name="x">32 bytes, most significant first.</param>
    /// <param name="y">32 bytes, most significant first.</param>
    public static bool IsOnCurve(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) =>
        Fq.TryFromBigEndian(x, out Fq fx)
        && Fq.TryFromBigEndian(y, out Fq fy)
        && fy.Square().Equals((fx.Square() * fx) + Three);

    /// <summary>Whether 128 bytes (x.c0, x.c1, y.c0, y.c1) are a finite point of G2: on the twist and of order r.</summary>
    public static bool IsInG2(ReadOnlySpan<byte> point) =>
        TryReadQuadratic(point, out QuadraticElement x)
        && TryReadQuadratic(point[(2 * Fq.LengthBytes)..], out QuadraticElement y)
        && G2Point.IsInG2(x, y);

    private static bool TryReadQuadratic(ReadOnlySpan<byte> bytes, out QuadraticElement element)
    {
        bool valid = Fq.TryFromBigEndian(bytes, out Fq c0) & Fq.TryFromBigEndian(bytes[Fq.LengthBytes..], out Fq c1);
        element = new(c0, c1);
        return valid;
    }
}
