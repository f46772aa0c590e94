using System.Numerics;
using System.Security.Cryptography;
using Init.DevSrs;
using Init.Prover.Crs;
using Init.Prover.Curve;
using Init.Prover.Tests.Curve;

namespace Init.Prover.Tests.DevSrs;

public sealed class InsecureSrsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("srs-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_points_are_the_powers_of_tau_times_the_generator()
    {
        using var stream = new MemoryStream();
        InsecureSrs.WriteG1(stream, 4_100, _ => { });
        byte[] g1 = stream.ToArray();
        Assert.Equal(4_100 * 64, g1.Length);
        foreach (int power in new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 4_094, 4_095, 4_096, 4_099 })
        {
            (BigInteger x, BigInteger y) = BigCurve.MultiplyGenerator(BigInteger.ModPow(BigCurve.Tau, power, BigCurve.R));
            Assert.Equal(x, BigCurve.Number(g1.AsSpan(power * 64, 32)));
            Assert.Equal(y, BigCurve.Number(g1.AsSpan((power * 64) + 32, 32)));
        }

        for (int i = 0; i < 4_100; i++)
        {
            Assert.True(Bn254.IsOnCurve(g1.AsSpan(i * 64, 32), g1.AsSpan((i * 64) + 32, 32)));
        }
    }

    [Fact]
    public void Scalars_at_the_ends_of_their_windows_are_multiplied_right()
    {
        BigInteger[] scalars =
        [
            0, 1, 8191, 8192, 8193, BigInteger.Pow(2, 13 * 4) - 1, BigInteger.Pow(2, 64) - 1, BigInteger.Pow(2, 192) + 1,
            BigInteger.Pow(2, 247), BigCurve.R - 1, BigCurve.R - 2, BigCurve.R / 2,
        ];
        AffinePoint[] points = new AffinePoint[scalars.Length];
        new FixedBaseTable().Multiply([.. scalars.Select(s => Limbs.FromBigEndian(BigCurve.Bytes(s)))], points);
        Assert.True(points[0].IsInfinity);
        for (int i = 1; i < scalars.Length; i++)
        {
            (BigInteger x, BigInteger y) = BigCurve.MultiplyGenerator(scalars[i]);
            byte[] bytes = new byte[64];
            points[i].WriteBigEndian(bytes);
            Assert.Equal((x, y), (BigCurve.Number(bytes.AsSpan(0, 32)), BigCurve.Number(bytes.AsSpan(32))));
        }
    }

    [Fact]
    public void The_point_of_G2_is_tau_times_its_generator()
    {
        byte[] g2 = InsecureSrs.G2();
        BigQuadratic x = new(
            BigCurve.Parse("1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"),
            BigCurve.Parse("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"));
        BigQuadratic y = new(
            BigCurve.Parse("12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"),
            BigCurve.Parse("090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"));
        (x, y) = BigQuadratic.Multiply((x, y), BigCurve.Tau);
        Assert.Equal([.. BigCurve.Bytes(x.C0), .. BigCurve.Bytes(x.C1), .. BigCurve.Bytes(y.C0), .. BigCurve.Bytes(y.C1)], g2);
    }

    [Fact]
    public void A_folder_is_written_once_and_found_again()
    {
        string folder = Path.Combine(_folder, "new");
        Assert.Equal(0, Program.Main([folder, "--points", "130", "--if-missing"]));
        Assert.Equal(130, CrsFolder.Load(folder, new CrsOptions { MinPoints = 130 }).G1PointCount);
        Assert.Contains("INSECURE", File.ReadAllText(Path.Combine(folder, InsecureSrs.MarkerFileName)));
        Assert.Equal(5, Directory.GetFiles(folder).Length);
        foreach (string name in new[] { "grumpkin_g1.flat.dat", "grumpkin_g1_v2.flat.dat" })
        {
            string digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, name))));
            Assert.Equal("72b8cdad9da82b666987e5fe6f5a0804e3a9b5ba750aa5d451b514442fe157b2", digest); // tests/chonk/README.md
        }

        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(folder, CrsFolder.G1FileName));
        Assert.Equal(0, Program.Main([folder, "--points", "130", "--if-missing"]));
        Assert.Equal(0, Program.Main([folder, "--points", "10", "--if-missing"]));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(folder, CrsFolder.G1FileName)));
        DateTime grumpkinWritten = File.GetLastWriteTimeUtc(Path.Combine(folder, CrsFolder.GrumpkinFileName));
        Assert.Equal(0, Program.Main([folder, "--points", "200", "--if-missing"]));
        Assert.Equal(200, CrsFolder.Load(folder, new CrsOptions()).G1PointCount);
        Assert.Equal(grumpkinWritten, File.GetLastWriteTimeUtc(Path.Combine(folder, CrsFolder.GrumpkinFileName)));
    }

    [Theory]
    [InlineData]
    [InlineData("--if-missing")]
    [InlineData("a", "b")]
    [InlineData("a", "--points")]
    [InlineData("a", "--points", "x")]
    [InlineData("a", "--points", "1")]
    [InlineData("a", "--unknown")]
    public void Wrong_use_is_refused(params string[] args) => Assert.Equal(2, Program.Main(args));
}
