using System.Globalization;
using System.Numerics;

namespace Init.Prover.Tests.Curve;

/// <summary>The oracle: the same curves in arbitrary-precision arithmetic, slow and obvious.</summary>
internal static class BigCurve
{
    public static readonly BigInteger P = Parse("30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47");
    public static readonly BigInteger R = Parse("30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001");
    public static readonly BigInteger Tau = Parse("fedcba98765432101234567890abcdef");

    public static BigInteger Parse(string hex) => BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static byte[] Bytes(BigInteger value)
    {
        byte[] bytes = new byte[32];
        byte[] significant = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        significant.CopyTo(bytes, 32 - significant.Length);
        return bytes;
    }

    public static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    public static BigInteger Mod(BigInteger value, BigInteger modulus) => ((value % modulus) + modulus) % modulus;

    public static BigInteger Invert(BigInteger value, BigInteger modulus) => BigInteger.ModPow(value, modulus - 2, modulus);

    public static (BigInteger X, BigInteger Y)? Add((BigInteger X, BigInteger Y)? a, (BigInteger X, BigInteger Y)? b)
    {
        if (a is not { } left || b is not { } right)
        {
            return a ?? b;
        }

        if (left.X == right.X && Mod(left.Y + right.Y, P).IsZero)
        {
            return null;
        }

        BigInteger slope = left == right
            ? 3 * left.X * left.X * Invert(Mod(2 * left.Y, P), P)
            : (right.Y - left.Y) * Invert(Mod(right.X - left.X, P), P);
        BigInteger x = Mod((slope * slope) - left.X - right.X, P);
        return (x, Mod((slope * (left.X - x)) - left.Y, P));
    }

    public static (BigInteger X, BigInteger Y) MultiplyGenerator(BigInteger factor)
    {
        (BigInteger, BigInteger)? sum = null;
        for ((BigInteger, BigInteger)? step = (1, 2); !factor.IsZero; factor >>= 1, step = Add(step, step))
        {
            if (!factor.IsEven)
            {
                sum = Add(sum, step);
            }
        }

        return sum!.Value;
    }
}
