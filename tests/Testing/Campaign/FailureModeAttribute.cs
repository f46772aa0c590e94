using Xunit.Sdk;

namespace Init.Testing.Campaign;

/// <summary>
/// What docs/reliability.md numbers: a failure mode that this test is about. `dotnet test --filter FailureMode=16` runs those of one mode,
/// `--filter Category=FailureMode` all. A test of tests/Architecture.Tests compares tags and document.
/// </summary>
/// <param name="number">As in the document.</param>
/// <param name="name">As in the document.</param>
[TraitDiscoverer("Init.Testing.Campaign.FailureModeDiscoverer", "Init.Testing")]
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class FailureModeAttribute(int number, string name) : Attribute, ITraitAttribute
{
    public int Number { get; } = number;

    public string Name { get; } = name;
}
