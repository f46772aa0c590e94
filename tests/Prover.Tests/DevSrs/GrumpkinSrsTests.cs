using System.Security.Cryptography;
using Init.DevSrs;
using Init.Prover.Crs;

namespace Init.Prover.Tests.DevSrs;

public sealed class GrumpkinSrsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grumpkin-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void All_points_are_barretenberg_s()
    {
        byte[] points = GrumpkinSrs.Make(GrumpkinSrs.Points);
        Assert.Equal(32_768 * 64, points.Length);
        Assert.Equal(
            "72b8cdad9da82b666987e5fe6f5a0804e3a9b5ba750aa5d451b514442fe157b2", Convert.ToHexStringLower(SHA256.HashData(points)));
        Assert.Equal(points[..(300 * 64)], GrumpkinSrs.Make(300)); // more than one piece, and a part of one
    }

    [Fact]
    public void Both_names_are_written_and_load_as_points_on_the_curve()
    {
        Assert.False(GrumpkinSrs.IsPresent(_folder));
        InsecureSrs.Write(_folder, 2, _ => { });
        GrumpkinSrs.Write(_folder);
        Assert.True(GrumpkinSrs.IsPresent(_folder));
        ReferenceString crs = CrsFolder.Load(_folder, new CrsOptions { GrumpkinSha256 = GrumpkinSrs.Sha256 });
        Assert.Equal(GrumpkinSrs.Points, crs.GrumpkinPointCount);
        Assert.Equal(crs.GrumpkinPoints!.Value.ToArray(), File.ReadAllBytes(Path.Combine(_folder, "grumpkin_g1_v2.flat.dat")));

        File.Delete(Path.Combine(_folder, "grumpkin_g1_v2.flat.dat"));
        Assert.False(GrumpkinSrs.IsPresent(_folder));
    }
}
