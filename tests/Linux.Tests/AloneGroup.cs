namespace Init.Linux.Tests;

/// <summary>Tests that change or reap for the whole process, and so run while no other does.</summary>
[CollectionDefinition(nameof(AloneGroup), DisableParallelization = true)]
public sealed class AloneGroup;
