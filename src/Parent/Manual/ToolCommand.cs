using System.CommandLine;

namespace Init.Parent.Manual;

/// <summary>A command of the tree, with its examples.</summary>
internal sealed class ToolCommand(string name, string description) : Command(name, description), IDocumented
{
    /// <inheritdoc/>
    public required IReadOnlyList<Example> Examples { get; init; }
}
