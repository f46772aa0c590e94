using System.Numerics;
using Init.Prover.Curve;

namespace Init.Prover.Tests.Curve;

public sealed class FieldElementTests
{
    [Fact]
    public void The_base_field_computes_as_arbitrary_precision_does() => Compare<BaseFieldModulus>(BigCurve.P);

    [Fact]
    public void The_scalar_field_computes_as_arbitrary_precision_does() => Compare<ScalarFieldModulus>(BigCurve.R);

    [Fact]
    public void A_number_not_below_the_modulus_is_refused()
    {
        Assert.False(FieldElement<BaseFieldModulus>.TryFromBigEndian(BigCurve.Bytes(BigCurve.P), out _));
        Assert.False(FieldElement<BaseFieldModulus>.TryFromBigEndian(BigCurve.Bytes(BigCurve.P + 1), out _));
        Assert.False(FieldElement<ScalarFieldModulus>.TryFromBigEndian(BigCurve.Bytes(BigCurve.R), out _));
        Assert.False(FieldElement<ScalarFieldModulus>.TryFromBigEndian(BigCurve.Bytes(BigInteger.Pow(2, 256) - 1), out _));
    }

    [Fact]
    public void The_inverse_of_zero_is_zero() => Assert.True(FieldElement<BaseFieldModulus>.Zero.Invert().IsZero);

    private static void Compare<TModulus>(BigInteger modulus)
        where TModulus : struct, IModulus
    {
        BigInteger[] values = [.. EdgeValues(modulus), .. RandomValues(modulus, 60)];
        foreach (BigInteger a in values)
        {
            FieldElement<TModulus> fa = From<TModulus>(a);
            Assert.Equal(a, To(fa));
            Assert.Equal(a.IsZero, fa.IsZero);
            Assert.Equal(a * a % modulus, To(fa.Square()));
            Assert.Equal(BigInteger.ModPow(a, modulus - 2, modulus), To(fa.Invert()));
            foreach (BigInteger b in values)
            {
                FieldElement<TModulus> fb = From<TModulus>(b);
                Assert.Equal((a + b) % modulus, To(fa + fb));
                Assert.Equal(BigCurve.Mod(a - b, modulus), To(fa - fb));
                Assert.Equal(a * b % modulus, To(fa * fb));
                Assert.Equal(a == b, fa.Equals(fb));
            }
        }
    }

    // The ends, limb boundaries, and the numbers whose Montgomery form is at an end: x / 2^256.
    private static IEnumerable<BigInteger> EdgeValues(BigInteger modulus)
    {
        BigInteger leave = BigCurve.Invert(BigInteger.Pow(2, 256) % modulus, modulus);
        foreach (BigInteger value in new[] { 0, 1, 2, 3, modulus - 1, modulus - 2, (modulus - 1) / 2, (modulus + 1) / 2 })
        {
            yield return value;
            yield return value * leave % modulus;
        }

        foreach (int bit in new[] { 63, 64, 127, 128, 191, 192, 253 })
        {
            yield return BigInteger.Pow(2, bit) % modulus;
            yield return (BigInteger.Pow(2, bit) - 1) * leave % modulus;
        }
    }

    private static IEnumerable<BigInteger> RandomValues(BigInteger modulus, int count)
    {
        var random = new Random(3);
        byte[] bytes = new byte[40];
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(bytes);
            yield return BigCurve.Number(bytes) % modulus;
        }
    }

    private static FieldElement<TModulus> From<TModulus>(BigInteger value)
        where TModulus : struct, IModulus
    {
        Assert.True(FieldElement<TModulus>.TryFromBigEndian(BigCurve.Bytes(value), out FieldElement<TModulus> element));
        return element;
    }

    private static BigInteger To<TModulus>(FieldElement<TModulus> element)
        where TModulus : struct, IModulus
    {
        byte[] bytes = new byte[32];
        element.WriteBigEndian(bytes);
        return BigCurve.Number(bytes);
    }
}
