namespace Init.Prover.Production.Tests;

/// <summary>Tests that share <see cref="CeremonyProver"/> run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class CeremonyGroup : ICollectionFixture<CeremonyProver>
{
    public const string Name = "ceremony";
}
