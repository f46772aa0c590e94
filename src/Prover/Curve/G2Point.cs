namespace Init.Prover.Curve;

/// <summary>A point of BN254's twist, y^2 = x^3 + 3 / (9 + u), in Jacobian coordinates (x / z^2, y / z^3).</summary>
/// <remarks>
/// Formulas dbl-2009-l and add-2007-bl of the Explicit-Formulas Database (short Weierstrass, a = 0). The curve over the quadratic
/// extension has a cofactor, so membership of G2 needs the order checked too. For public data.
/// </remarks>
/// <param name="X">The x coordinate times z^2.</param>
/// <param name="Y">The y coordinate times z^3.</param>
/// <param name="Z">The denominator; zero for the point at infinity.</param>
internal readonly record struct G2Point(QuadraticElement X, QuadraticElement Y, QuadraticElement Z)
{
    private static readonly QuadraticElement TwistCoefficient =
        new QuadraticElement(FieldElement<BaseFieldModulus>.FromUInt64(3), default)
        * new QuadraticElement(FieldElement<BaseFieldModulus>.FromUInt64(9), FieldElement<BaseFieldModulus>.One).Invert();

    /// <summary>Whether this is the point at infinity.</summary>
    public bool IsInfinity => Z.IsZero;

    /// <summary>Whether a finite affine point is on the curve and of order r, that is, in G2.</summary>
    public static bool IsInG2(in QuadraticElement x, in QuadraticElement y) =>
        y.Square() == (x.Square() * x) + TwistCoefficient
        && new G2Point(x, y, QuadraticElement.One).Multiply(FieldElement<ScalarFieldModulus>.Modulus).IsInfinity;

    /// <summary>Twice this point.</summary>
    public G2Point Double()
    {
        QuadraticElement a = X.Square();
        QuadraticElement b = Y.Square();
        QuadraticElement c = b.Square();
        QuadraticElement d = (X + b).Square() - a - c;
        d += d;
        QuadraticElement e = a + a + a;
        QuadraticElement x = e.Square() - d - d;
        QuadraticElement c4 = c + c + c + c;
        QuadraticElement yz = Y * Z;
        return new(x, (e * (d - x)) - c4 - c4, yz + yz);
    }

    /// <summary>The sum of two points, equal, opposite and infinite ones included.</summary>
    public static G2Point operator +(in G2Point left, in G2Point right)
    {
        if (left.IsInfinity || right.IsInfinity)
        {
            return left.IsInfinity ? right : left;
        }

        QuadraticElement z1z1 = left.Z.Square();
        QuadraticElement z2z2 = right.Z.Square();
        QuadraticElement u1 = left.X * z2z2;
        QuadraticElement s1 = left.Y * right.Z * z2z2;
        QuadraticElement h = (right.X * z1z1) - u1;
        QuadraticElement s = (right.Y * left.Z * z1z1) - s1;
        if (h.IsZero)
        {
            return s.IsZero ? left.Double() : default;
        }

        QuadraticElement i = (h + h).Square();
        QuadraticElement j = h * i;
        QuadraticElement r = s + s;
        QuadraticElement v = u1 * i;
        QuadraticElement x = r.Square() - j - v - v;
        QuadraticElement s1j = s1 * j;
        return new(x, (r * (v - x)) - s1j - s1j, ((left.Z + right.Z).Square() - z1z1 - z2z2) * h);
    }

    /// <summary>This point times a number of up to 256 bits.</summary>
    public G2Point Multiply(in Limbs factor)
    {
        G2Point result = default;
        for (int i = 255; i >= 0; i--)
        {
            result = result.Double();
            if (factor.Bit(i))
            {
                result += this;
            }
        }

        return result;
    }

    /// <summary>The affine coordinates of a finite point.</summary>
    public (QuadraticElement X, QuadraticElement Y) ToAffine()
    {
        QuadraticElement inverse = Z.Invert();
        QuadraticElement inverseSquare = inverse.Square();
        return (X * inverseSquare, Y * inverseSquare * inverse);
    }
}
