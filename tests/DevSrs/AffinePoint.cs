using Init.Prover.Curve;
using Fq = Init.Prover.Curve.FieldElement<Init.Prover.Curve.BaseFieldModulus>;

namespace Init.DevSrs;

/// <summary>A point of BN254's G1; (0, 0), which is not on the curve, stands for the point at infinity.</summary>
/// <param name="X">x.</param>
/// <param name="Y">y; never zero on a finite point, since the group's order is odd.</param>
internal readonly record struct AffinePoint(Fq X, Fq Y)
{
    /// <summary>(1, 2).</summary>
    public static AffinePoint Generator => new(Fq.One, Fq.FromUInt64(2));

    /// <summary>Whether this is the point at infinity.</summary>
    public bool IsInfinity => X.IsZero && Y.IsZero;

    /// <summary>Twice a finite point.</summary>
    public AffinePoint Double()
    {
        Fq xx = X.Square();
        Fq slope = (xx + xx + xx) * (Y + Y).Invert();
        Fq x = slope.Square() - X - X;
        return new(x, (slope * (X - x)) - Y);
    }

    /// <summary>Adds addends[i] to sums[i] for all i, with one inversion in all (Montgomery's trick).</summary>
    /// <param name="sums">The first summands, then the sums.</param>
    /// <param name="addends">The second summands. A finite pair must not have the same x.</param>
    /// <param name="prefixes">Scratch space, as long as the others.</param>
    public static void AddAll(Span<AffinePoint> sums, ReadOnlySpan<AffinePoint> addends, Span<Fq> prefixes)
    {
        Fq product = Fq.One;
        for (int i = 0; i < sums.Length; i++)
        {
            prefixes[i] = product;
            if (!sums[i].IsInfinity && !addends[i].IsInfinity)
            {
                product *= addends[i].X - sums[i].X;
            }
        }

        Fq inverse = product.Invert();
        for (int i = sums.Length - 1; i >= 0; i--)
        {
            AffinePoint left = sums[i];
            AffinePoint right = addends[i];
            if (left.IsInfinity || right.IsInfinity)
            {
                sums[i] = left.IsInfinity ? right : left;
                continue;
            }

            Fq slope = (right.Y - left.Y) * (inverse * prefixes[i]);
            inverse *= right.X - left.X;
            Fq x = slope.Square() - left.X - right.X;
            sums[i] = new(x, (slope * (left.X - x)) - left.Y);
        }
    }

    /// <summary>Writes 64 bytes: x, y, big-endian.</summary>
    public void WriteBigEndian(Span<byte> bytes)
    {
        X.WriteBigEndian(bytes);
        Y.WriteBigEndian(bytes[Fq.LengthBytes..]);
    }
}
