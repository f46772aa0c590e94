namespace Init.Parent.Tests;

/// <summary>Tests that share one running enclave, one after the other.</summary>
[CollectionDefinition(nameof(SharedEnclave))]
public sealed class SharedEnclave : ICollectionFixture<RunningEnclave>;
