using System.Numerics;

namespace Init.Prover.Tests.Curve;

/// <summary>The oracle's quadratic extension, u^2 = -1, and the twist over it.</summary>
internal readonly record struct BigQuadratic(BigInteger C0, BigInteger C1)
{
    public static BigQuadratic TwistCoefficient => new BigQuadratic(3, 0) * new BigQuadratic(9, 1).Invert();

    public static BigQuadratic operator +(BigQuadratic a, BigQuadratic b) =>
        new(BigCurve.Mod(a.C0 + b.C0, BigCurve.P), BigCurve.Mod(a.C1 + b.C1, BigCurve.P));

    public static BigQuadratic operator -(BigQuadratic a, BigQuadratic b) =>
        new(BigCurve.Mod(a.C0 - b.C0, BigCurve.P), BigCurve.Mod(a.C1 - b.C1, BigCurve.P));

    public static BigQuadratic operator *(BigQuadratic a, BigQuadratic b) => new(
        BigCurve.Mod((a.C0 * b.C0) - (a.C1 * b.C1), BigCurve.P), BigCurve.Mod((a.C0 * b.C1) + (a.C1 * b.C0), BigCurve.P));

    public BigQuadratic Invert()
    {
        BigInteger inverseNorm = BigCurve.Invert(((C0 * C0) + (C1 * C1)) % BigCurve.P, BigCurve.P);
        return new(C0 * inverseNorm % BigCurve.P, BigCurve.Mod(-C1 * inverseNorm, BigCurve.P));
    }

    public static (BigQuadratic X, BigQuadratic Y) Add((BigQuadratic X, BigQuadratic Y) a, (BigQuadratic X, BigQuadratic Y) b)
    {
        BigQuadratic slope = a == b
            ? new BigQuadratic(3, 0) * a.X * a.X * (a.Y + a.Y).Invert()
            : (b.Y - a.Y) * (b.X - a.X).Invert();
        BigQuadratic x = (slope * slope) - a.X - b.X;
        return (x, (slope * (a.X - x)) - a.Y);
    }

    public static (BigQuadratic X, BigQuadratic Y) Multiply((BigQuadratic X, BigQuadratic Y) point, BigInteger factor)
    {
        (BigQuadratic, BigQuadratic) sum = point;
        for (int bit = (int)factor.GetBitLength() - 2; bit >= 0; bit--)
        {
            sum = Add(sum, sum);
            sum = (factor >> bit).IsEven ? sum : Add(sum, point);
        }

        return sum;
    }

    /// <summary>The twist has a large cofactor, so the first point found is all but surely not in G2.</summary>
    public static (BigQuadratic X, BigQuadratic Y) TwistPointOutsideG2()
    {
        for (BigInteger i = 1; ; i++)
        {
            BigQuadratic x = new(i, 1);
            if (SquareRoot((x * x * x) + TwistCoefficient) is { } y)
            {
                return (x, y);
            }
        }
    }

    // p is 3 modulo 4: with norm n = s^2, the root's first part is the root of (c0 +- s) / 2, the second c1 / (2 root).
    private static BigQuadratic? SquareRoot(BigQuadratic square)
    {
        BigInteger exponent = (BigCurve.P + 1) / 4;
        BigInteger half = BigCurve.Invert(2, BigCurve.P);
        BigInteger norm = BigInteger.ModPow((square.C0 * square.C0) + (square.C1 * square.C1), exponent, BigCurve.P);
        foreach (BigInteger sign in new BigInteger[] { 1, -1 })
        {
            BigInteger c0 = BigInteger.ModPow(BigCurve.Mod((square.C0 + (sign * norm)) * half, BigCurve.P), exponent, BigCurve.P);
            BigQuadratic root = new(c0, square.C1 * BigCurve.Invert(2 * c0 % BigCurve.P, BigCurve.P) % BigCurve.P);
            if (root * root == square)
            {
                return root;
            }
        }

        return null;
    }
}
