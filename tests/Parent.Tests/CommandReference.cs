using System.Text.Json;
using Init.Testing;

namespace Init.Parent.Tests;

/// <summary>docs/command.md, as far as tests compare it with the command.</summary>
internal static class CommandReference
{
    /// <summary>Of each command with <c>--json</c> the names of its document, by the words that lead to it.</summary>
    public static IReadOnlyDictionary<string, string[]> JsonNames { get; } = File.ReadAllLines(Path.Combine(Places.Root, "docs/command.md"))
        .Where(line => line.StartsWith("| `enclave ", StringComparison.Ordinal))
        .Select(line => line.Split('|'))
        .ToDictionary(cells => cells[1].Trim().Trim('`'), cells => Names(cells[2]));

    /// <summary>The document has exactly the names that the documentation says.</summary>
    public static JsonElement AssertNames(string command, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(JsonNames[command].Order(), document.RootElement.EnumerateObject().Select(member => member.Name).Order());
        return document.RootElement.Clone();
    }

    private static string[] Names(string cell) => [.. cell.Split('`').Where((_, index) => index % 2 == 1)];
}
