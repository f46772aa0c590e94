using System.Numerics;
using System.Security.Cryptography;
using Init.DevSrs;
using Init.Prover.Crs;
using Init.Prover.Tests.Curve;
using Init.Testing;

namespace Init.Prover.Tests.Crs;

public sealed class CrsFolderTests : IDisposable
{
    private const int Points = 9_000;

    private static readonly CrsOptions Options = new() { MinPoints = 2, MaxPoints = Points };
    private static readonly byte[] G1 = MakeG1();

    private readonly string _folder = Directory.CreateTempSubdirectory("crs-tests-").FullName;

    public CrsFolderTests()
    {
        Write(CrsFolder.G1FileName, G1);
        Write(CrsFolder.G2FileName, InsecureSrs.G2());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_good_folder_is_loaded()
    {
        ReferenceString crs = Load(Options);
        Assert.Equal(Points, crs.G1PointCount);
        Assert.True(crs.G1Points.Span.SequenceEqual(G1));
        Assert.True(crs.G2Point.Span.SequenceEqual(InsecureSrs.G2()));
        Assert.Null(crs.GrumpkinPoints);
        Assert.Equal(0, crs.GrumpkinPointCount);
    }

    [Fact]
    public void No_more_points_than_allowed_are_loaded() =>
        Assert.Equal(100, Load(Options with { MaxPoints = 100 }).G1PointCount);

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(Path.Combine(_folder, CrsFolder.G1FileName));
        Refuses(Options, CrsFolder.G1FileName, "missing");
        Write(CrsFolder.G1FileName, G1);
        File.Delete(Path.Combine(_folder, CrsFolder.G2FileName));
        Refuses(Options, CrsFolder.G2FileName, "missing");
    }

    [Fact]
    public void A_missing_folder_is_refused()
    {
        ProverException e = Fails.With(ProverError.Crs, () => CrsFolder.Load(Path.Combine(_folder, "nowhere"), Options));
        Assert.Contains("missing", e.Message);
    }

    [Fact]
    public void A_file_with_fewer_points_than_asked_for_is_refused() =>
        Refuses(Options with { MinPoints = Points + 1, MaxPoints = Points + 1 }, "expected 9001 to", "found 9000");

    [Fact]
    public void An_empty_file_is_refused()
    {
        Write(CrsFolder.G1FileName, []);
        Refuses(Options, CrsFolder.G1FileName, "found 0");
    }

    [Fact]
    public void A_length_that_is_not_whole_points_is_refused()
    {
        Write(CrsFolder.G1FileName, G1[..^1]);
        Refuses(Options, "a multiple of 64", $"found {G1.Length - 1}");
        Write(CrsFolder.G1FileName, G1);
        Write(CrsFolder.G2FileName, [.. InsecureSrs.G2(), 0]);
        Refuses(Options, CrsFolder.G2FileName, "expected 128 bytes, found 129");
    }

    [Fact]
    public void A_file_with_too_many_points_is_refused()
    {
        using (FileStream sparse = File.OpenWrite(Path.Combine(_folder, CrsFolder.G1FileName)))
        {
            sparse.SetLength((CrsFolder.MaxFilePoints + 1L) * 64);
        }

        Refuses(Options, "67108864 points", "found 67108865");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(Points - 1)]
    public void A_point_off_the_curve_is_named(int index)
    {
        byte[] bad = [.. G1];
        bad[(index * 64) + 63] ^= 1;
        Write(CrsFolder.G1FileName, bad);
        Refuses(Options, "points on Bn254", $"point {index},");
    }

    [Fact]
    public void The_first_of_several_points_off_the_curve_is_named()
    {
        byte[] bad = [.. G1];
        foreach (int index in new[] { 8_500, 30, 5_000 })
        {
            bad[index * 64] ^= 1;
        }

        Write(CrsFolder.G1FileName, bad);
        Refuses(Options with { Threads = 4 }, "point 30,");
    }

    [Fact]
    public void A_string_that_does_not_start_with_the_generator_is_refused()
    {
        Write(CrsFolder.G1FileName, G1[64..]);
        Refuses(Options, "generator");
    }

    [Fact]
    public void A_point_that_is_not_in_G2_is_refused()
    {
        byte[] g2 = InsecureSrs.G2();
        g2[127] ^= 1;
        Write(CrsFolder.G2FileName, g2);
        Refuses(Options, CrsFolder.G2FileName, "G2");
    }

    [Fact]
    public void Pinned_digests_are_compared()
    {
        CrsOptions pinned = Options with
        {
            G1Sha256 = Convert.ToHexString(SHA256.HashData(G1)),
            G2Sha256 = Convert.ToHexStringLower(SHA256.HashData(InsecureSrs.G2())),
        };
        Load(pinned);
        Load(pinned with { MaxPoints = 100, G1Sha256 = Convert.ToHexString(SHA256.HashData(G1.AsSpan(0, 6400))) });
        string other = new('0', 64);
        Refuses(pinned with { G1Sha256 = other }, CrsFolder.G1FileName, other, pinned.G1Sha256.ToLowerInvariant());
        Refuses(pinned with { G2Sha256 = other }, CrsFolder.G2FileName, other);
    }

    [Fact]
    public void A_pinned_digest_that_is_none_is_refused()
    {
        Fails.With(ProverError.InvalidInput, () => Load(Options with { G1Sha256 = "abc" }));
        Fails.With(ProverError.InvalidInput, () => Load(Options with { G2Sha256 = new('x', 64) }));
    }

    [Fact]
    public void Grumpkins_points_are_loaded_and_checked()
    {
        byte[] points = MakeGrumpkin(40);
        Write(CrsFolder.GrumpkinFileName, points);
        ReferenceString crs = Load(Options);
        Assert.Equal(40, crs.GrumpkinPointCount);
        Assert.True(crs.GrumpkinPoints!.Value.Span.SequenceEqual(points));

        points[(7 * 64) + 63] ^= 1;
        Write(CrsFolder.GrumpkinFileName, points);
        Refuses(Options, CrsFolder.GrumpkinFileName, "point 7,");
    }

    [Fact]
    public void Of_two_grumpkin_files_the_newer_is_taken()
    {
        Write(CrsFolder.GrumpkinFileName, MakeGrumpkin(7));
        Write(CrsFolder.NewerGrumpkinFileName, MakeGrumpkin(9));
        Assert.Equal(9, Load(Options).GrumpkinPointCount);
    }

    [Fact]
    public void A_pinned_grumpkin_file_must_be_there() =>
        Refuses(Options with { GrumpkinSha256 = new('0', 64) }, CrsFolder.GrumpkinFileName, "missing");

    [Theory]
    [InlineData(0, 10)]
    [InlineData(11, 10)]
    [InlineData(1, CrsFolder.MaxLoadedPoints + 1)]
    public void Senseless_options_are_refused(int min, int max) =>
        Fails.With(ProverError.InvalidInput, () => Load(Options with { MinPoints = min, MaxPoints = max }));

    [Fact]
    public void Loading_can_be_cancelled() =>
        Fails.With(ProverError.Cancelled, () => CrsFolder.Load(_folder, Options, new CancellationToken(canceled: true)));

    [Fact]
    public void Mutated_files_are_loaded_or_refused()
    {
        var random = new Random(5);
        byte[] small = G1[..640];
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] g1 = [.. small];
            byte[] g2 = InsecureSrs.G2();
            byte[] target = random.Next(8) == 0 ? g2 : g1;
            target[random.Next(target.Length)] ^= (byte)random.Next(1, 256);
            Write(CrsFolder.G1FileName, random.Next(3) == 0 ? g1[..random.Next(g1.Length)] : g1);
            Write(CrsFolder.G2FileName, g2);
            try
            {
                // Only where the changed point was cut off.
                Assert.True(small.AsSpan().StartsWith(Load(Options).G1Points.Span));
            }
            catch (ProverException e)
            {
                Assert.Equal(ProverError.Crs, e.Error);
                refused++;
            }
        }

        Assert.InRange(refused, 280, 300);
    }

    [VectorsFact]
    public void The_ceremonys_string_is_loaded()
    {
        ReferenceString crs = CrsFolder.Load(Places.Vector("crs"), new CrsOptions { MinPoints = 1025 });
        Assert.Equal(1025, crs.G1PointCount);
    }

    private static byte[] MakeG1()
    {
        using var stream = new MemoryStream();
        InsecureSrs.WriteG1(stream, Points, _ => { });
        return stream.ToArray();
    }

    private static byte[] MakeGrumpkin(int count)
    {
        using var stream = new MemoryStream();
        for (int i = 0; i < count; i++)
        {
            (BigInteger x, BigInteger y) = CurveTests.GrumpkinPoint(100 * i);
            stream.Write(BigCurve.Bytes(x));
            stream.Write(BigCurve.Bytes(y));
        }

        return stream.ToArray();
    }

    private void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_folder, name), content);

    private ReferenceString Load(CrsOptions options) => CrsFolder.Load(_folder, options);

    private void Refuses(CrsOptions options, params string[] words)
    {
        string message = Fails.With(ProverError.Crs, () => Load(options)).Message;
        Assert.All(words, word => Assert.Contains(word, message));
    }
}
