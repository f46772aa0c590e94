using System.Text.RegularExpressions;

namespace Init.Architecture.Tests;

/// <summary>The tests that a document names, as `Type.Fact`, `file.c: function` or `file.test.mjs: title`.</summary>
internal static partial class NamedTests
{
    private static readonly Dictionary<string, string> Sources = Files("*Tests.cs").Concat(Files("*.test.mjs")).Concat(Files("host_test.c"))
        .GroupBy(path => Path.GetFileName(path)!)
        .ToDictionary(group => group.Key, group => string.Concat(group.Select(File.ReadAllText)));

    /// <summary>Instead of a test, with the reason behind it.</summary>
    private const string Accepted = "none: this is accepted";

    /// <summary>What a cell quotes.</summary>
    public static string[] In(string cell) => [.. Quoted().Matches(cell).Select(match => match.Groups[1].Value)];

    /// <summary>A row of what may go wrong, an answer, and tests: it has an answer, and tests that exist or says that there are none.</summary>
    public static void AssertAnswered(string[] row)
    {
        Assert.Equal(3, row.Length);
        Assert.NotEmpty(row[1].Trim());
        string[] tests = In(row[2]);
        Assert.True(row[2].Trim().StartsWith(Accepted, StringComparison.Ordinal) != (tests.Length > 0), $"{row[0]}: {row[2]}");
        Assert.All(tests, test => Assert.True(Exists(test), $"there is no test {test}"));
    }

    /// <summary>Whether any type of tests or file with tests has this name.</summary>
    public static bool IsFile(string type) => Sources.ContainsKey($"{type}.cs") || Sources.ContainsKey(type);

    /// <summary>Whether there is such a test.</summary>
    public static bool Exists(string test)
    {
        (string file, string pattern) = test.Split(": ", 2) is [var program, var name]
            ? (program, program.EndsWith(".c", StringComparison.Ordinal)
                ? $@"(?m)^static void {Regex.Escape(name)}\(void\)"
                : $@"\b(?:test|it)\(['""]{Regex.Escape(name).Replace("'", "\\\\?'", StringComparison.Ordinal)}['""]")
            : test.Split('.') is [var type, var fact]
                ? ($"{type}.cs", $@"(?:Fact|Theory)(?:\([^\n]*\))?\](?:\s*\[[^\n]*\])*\s*public (?:static )?(?:async )?(?:void|Task) {Regex.Escape(fact)}\(")
                : (test, "(?!)");
        return Sources.TryGetValue(file, out string? source) && Regex.IsMatch(source, pattern);
    }

    private static IEnumerable<string> Files(string pattern) =>
        new[] { "tests", "native", "scripts" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories))
            .Where(path => !path.Contains("/node_modules/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
