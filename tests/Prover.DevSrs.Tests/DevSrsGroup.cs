namespace Init.Prover.DevSrs.Tests;

/// <summary>Tests that share <see cref="DevSrsProver"/> run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class DevSrsGroup : ICollectionFixture<DevSrsProver>
{
    public const string Name = "dev SRS";
}
