using System.Numerics;
using Init.Prover.Curve;
using Init.Testing;

namespace Init.Prover.Tests.Curve;

public sealed class CurveTests
{
    private const string G2Generator =
        "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
        + "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b";

    [Fact]
    public void Multiples_of_the_generator_are_on_the_curve()
    {
        for (int i = 1; i < 50; i++)
        {
            (BigInteger x, BigInteger y) = BigCurve.MultiplyGenerator(BigInteger.Pow(i, 40) % BigCurve.R);
            Assert.True(Bn254.IsOnCurve(BigCurve.Bytes(x), BigCurve.Bytes(y)));
            Assert.True(Bn254.IsOnCurve(BigCurve.Bytes(x), BigCurve.Bytes(BigCurve.P - y)));
            Assert.False(Bn254.IsOnCurve(BigCurve.Bytes(x), BigCurve.Bytes(y + 1)));
            Assert.False(Bn254.IsOnCurve(BigCurve.Bytes(x + 1), BigCurve.Bytes(y)));
        }
    }

    [Fact]
    public void A_coordinate_above_the_modulus_is_refused_though_its_residue_fits()
    {
        Assert.True(Bn254.IsOnCurve(BigCurve.Bytes(1), BigCurve.Bytes(2)));
        Assert.False(Bn254.IsOnCurve(BigCurve.Bytes(1 + BigCurve.P), BigCurve.Bytes(2)));
        Assert.False(Bn254.IsOnCurve(BigCurve.Bytes(1), BigCurve.Bytes(2 + BigCurve.P)));
        (BigInteger x, BigInteger y) = GrumpkinPoint(1);
        Assert.False(Grumpkin.IsOnCurve(BigCurve.Bytes(x + BigCurve.R), BigCurve.Bytes(y)));
    }

    [Fact]
    public void Zero_is_not_on_a_curve()
    {
        Assert.False(Bn254.IsOnCurve(new byte[32], new byte[32]));
        Assert.False(Bn254.IsInG2(new byte[128]));
        Assert.False(Grumpkin.IsOnCurve(new byte[32], new byte[32]));
    }

    [Fact]
    public void Grumpkins_points_are_on_grumpkin()
    {
        for (int seed = 1; seed < 20; seed++)
        {
            (BigInteger x, BigInteger y) = GrumpkinPoint(seed);
            Assert.True(Grumpkin.IsOnCurve(BigCurve.Bytes(x), BigCurve.Bytes(y)));
            Assert.False(Grumpkin.IsOnCurve(BigCurve.Bytes(x), BigCurve.Bytes((y + 1) % BigCurve.R)));
        }
    }

    [Fact]
    public void The_generator_of_G2_is_in_G2() => Assert.True(Bn254.IsInG2(Convert.FromHexString(G2Generator)));

    [Theory]
    [InlineData(31)]
    [InlineData(63)]
    [InlineData(95)]
    [InlineData(127)]
    public void A_changed_coordinate_is_not_in_G2(int index)
    {
        byte[] point = Convert.FromHexString(G2Generator);
        point[index] ^= 1;
        Assert.False(Bn254.IsInG2(point));
    }

    [Fact]
    public void Swapped_halves_are_not_in_G2()
    {
        byte[] point = Convert.FromHexString(G2Generator);
        Assert.False(Bn254.IsInG2([.. point[32..64], .. point[..32], .. point[96..], .. point[64..96]]));
    }

    [Fact]
    public void A_point_of_the_twist_that_is_not_of_order_r_is_not_in_G2()
    {
        (BigQuadratic x, BigQuadratic y) = BigQuadratic.TwistPointOutsideG2();
        byte[] point = [.. BigCurve.Bytes(x.C0), .. BigCurve.Bytes(x.C1), .. BigCurve.Bytes(y.C0), .. BigCurve.Bytes(y.C1)];
        Assert.Equal(y * y, (x * x * x) + BigQuadratic.TwistCoefficient);
        Assert.False(Bn254.IsInG2(point));
    }

    [VectorsFact]
    public void The_ceremonys_points_are_on_their_curves()
    {
        byte[] g1 = File.ReadAllBytes(Places.Vector("crs/bn254_g1.dat"));
        for (int i = 0; i < g1.Length; i += 64)
        {
            Assert.True(Bn254.IsOnCurve(g1.AsSpan(i, 32), g1.AsSpan(i + 32, 32)));
        }

        Assert.True(Bn254.IsInG2(File.ReadAllBytes(Places.Vector("crs/bn254_g2.dat"))));
    }

    /// <summary>The first point at or behind x = seed. r is 1 modulo 4, so the square root is Tonelli and Shanks's.</summary>
    internal static (BigInteger X, BigInteger Y) GrumpkinPoint(int seed)
    {
        for (BigInteger x = seed; ; x++)
        {
            BigInteger square = BigCurve.Mod((x * x * x) - 17, BigCurve.R);
            if (BigInteger.ModPow(square, (BigCurve.R - 1) / 2, BigCurve.R).IsOne)
            {
                return (x, SquareRoot(square, BigCurve.R));
            }
        }
    }

    private static BigInteger SquareRoot(BigInteger square, BigInteger modulus)
    {
        BigInteger odd = modulus - 1;
        int twos = 0;
        for (; odd.IsEven; odd >>= 1)
        {
            twos++;
        }

        BigInteger nonResidue = 2;
        while (BigInteger.ModPow(nonResidue, (modulus - 1) / 2, modulus).IsOne)
        {
            nonResidue++;
        }

        BigInteger c = BigInteger.ModPow(nonResidue, odd, modulus);
        BigInteger t = BigInteger.ModPow(square, odd, modulus);
        BigInteger root = BigInteger.ModPow(square, (odd + 1) / 2, modulus);
        while (!t.IsOne)
        {
            int order = 0;
            for (BigInteger power = t; !power.IsOne; power = power * power % modulus)
            {
                order++;
            }

            BigInteger b = BigInteger.ModPow(c, BigInteger.Pow(2, twos - order - 1), modulus);
            (twos, c) = (order, b * b % modulus);
            (t, root) = (t * c % modulus, root * b % modulus);
        }

        return root;
    }
}
