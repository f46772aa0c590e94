using System.Text.RegularExpressions;
using Init.Testing;

namespace Init.Wire.Tests;

/// <summary>docs/wire-protocol.md, to be compared with the code.</summary>
internal static partial class Specification
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(Places.Root, "docs", "wire-protocol.md")).ReplaceLineEndings("\n");

    /// <summary>All of its CDDL.</summary>
    public static string CddlText { get; } = string.Join('\n', Fences("cddl").Select(fence => fence.Content));

    public static Cddl Cddl { get; } = CddlParser.Parse(CddlText);

    /// <summary>Fenced blocks whose information string begins with a word: what follows the word, and the content.</summary>
    public static IEnumerable<(string Name, string Content)> Fences(string word) =>
        Fence().Matches(Text).Where(match => match.Groups[1].Value == word).Select(match => (match.Groups[2].Value.Trim(), match.Groups[3].Value));

    /// <summary>The rows of the table whose first heading cells are these, cells without backquotes and thousands separators.</summary>
    public static IReadOnlyList<string[]> Table(params string[] headings)
    {
        string[] lines = Text.Split('\n');
        int start = Array.FindIndex(lines, line => line.StartsWith('|') && Cells(line).Take(headings.Length).SequenceEqual(headings));
        Assert.True(start >= 0, $"a table {string.Join(", ", headings)}");
        return [.. lines.Skip(start + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    private static string[] Cells(string line) =>
        [.. line.Trim('|').Split('|').Select(cell => Separator().Replace(cell.Trim().Trim('`'), ""))];

    [GeneratedRegex(@"^```(\w+)([^\n]*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<=\d),(?=\d{3})")]
    private static partial Regex Separator();
}
