using Init.Prover.Curve;
using Fq = Init.Prover.Curve.FieldElement<Init.Prover.Curve.BaseFieldModulus>;

namespace Init.DevSrs;

/// <summary>The multiples digit * 2^(13 window) of the generator, so that a scalar multiplication is twenty additions.</summary>
internal sealed class FixedBaseTable
{
    private const int WindowBits = 13;
    private const int Digits = 1 << WindowBits;
    private const int Windows = (254 + WindowBits - 1) / WindowBits;

    private readonly AffinePoint[][] _windows = new AffinePoint[Windows][];

    /// <summary>Computes the table: 160,000 points, 10 MiB.</summary>
    public FixedBaseTable()
    {
        AffinePoint unit = AffinePoint.Generator;
        for (int window = 0; window < Windows; window++)
        {
            _windows[window] = Multiples(unit);
            unit = _windows[window][Digits / 2].Double();
        }
    }

    /// <summary>Computes scalars[i] times the generator for all i.</summary>
    /// <remarks>
    /// The partial sum of the lower windows and the next addend never have the same x: that would need two numbers below the
    /// group's order, one below 2^(13 w) and one not, that are equal or add up to the order.
    /// </remarks>
    /// <param name="scalars">Numbers below the group's order.</param>
    /// <param name="points">As many points.</param>
    public void Multiply(ReadOnlySpan<Limbs> scalars, Span<AffinePoint> points)
    {
        points.Clear();
        AffinePoint[] addends = new AffinePoint[points.Length];
        Fq[] prefixes = new Fq[points.Length];
        for (int window = 0; window < Windows; window++)
        {
            AffinePoint[] multiples = _windows[window];
            for (int i = 0; i < addends.Length; i++)
            {
                addends[i] = multiples[Digit(scalars[i], window * WindowBits)];
            }

            AffinePoint.AddAll(points, addends, prefixes);
        }
    }

    private static AffinePoint[] Multiples(AffinePoint unit)
    {
        AffinePoint[] multiples = new AffinePoint[Digits];
        AffinePoint[] steps = new AffinePoint[Digits / 2];
        Fq[] prefixes = new Fq[Digits / 2];
        multiples[1] = unit;
        for (int half = 2; half < Digits; half *= 2)
        {
            // From the multiples below half: half itself by doubling, the ones above it by adding it.
            AffinePoint top = multiples[half / 2].Double();
            multiples[half] = top;
            multiples.AsSpan(1, half - 1).CopyTo(multiples.AsSpan(half + 1));
            steps.AsSpan(0, half - 1).Fill(top);
            AffinePoint.AddAll(multiples.AsSpan(half + 1, half - 1), steps.AsSpan(0, half - 1), prefixes);
        }

        return multiples;
    }

    private static int Digit(in Limbs scalar, int bit)
    {
        int limb = bit >> 6;
        int shift = bit & 63;
        ulong digit = scalar.Limb(limb) >> shift;
        if (shift > 64 - WindowBits && limb < 3)
        {
            digit |= scalar.Limb(limb + 1) << (64 - shift);
        }

        return (int)(digit & (Digits - 1));
    }
}
