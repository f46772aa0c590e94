using System.CommandLine;

namespace Init.Parent.Manual;

/// <summary><c>enclave</c> itself. Its name is that, whatever file it was started from.</summary>
internal sealed class ToolRoot(string description) : RootCommand(description), IDocumented
{
    public const string Program = "enclave";

    /// <inheritdoc/>
    public required IReadOnlyList<Example> Examples { get; init; }
}
