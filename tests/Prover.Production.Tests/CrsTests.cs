using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Testing;

namespace Init.Prover.Production.Tests;

/// <summary>The production library trusts the ceremony's points and nothing else.</summary>
[Collection(CeremonyGroup.Name)]
public sealed class CrsTests(CeremonyProver ceremony)
{
    [Fact]
    public void The_development_srs_is_refused()
    {
        ReferenceString insecure = CrsFolder.Load(Places.DevSrs, new CrsOptions { MaxPoints = 1025 });
        ProverException refused = Assert.Throws<ProverException>(() => BarretenbergProver.Create(new ProverOptions(), insecure));
        Assert.Equal(ProverError.Crs, refused.Error);
    }

    [VectorsFact]
    public void The_library_says_whose_points_it_trusts() => Assert.Equal("ignition", ceremony.Prover.Statistics.SrsKind);
}
