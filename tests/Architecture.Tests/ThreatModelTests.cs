using System.Text.RegularExpressions;

namespace Init.Architecture.Tests;

/// <summary>docs/threat-model.md names tests that exist.</summary>
public sealed partial class ThreatModelTests
{
    /// <summary>Instead of a test, with the reason behind it.</summary>
    private const string Accepted = "none: this is accepted";

    private static readonly string[][] Rows =
    [
        .. File.ReadAllText(Path.Combine(Repository.Root, "docs/threat-model.md")).Split("\n## ")
            .Where(section => section.Contains("| threat | answer | test |", StringComparison.Ordinal))
            .SelectMany(section => section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1))
            .Select(line => line.Trim().Trim('|').Split('|')),
    ];

    private static readonly Dictionary<string, string> Sources = Files("*Tests.cs").Concat(Files("*.test.mjs")).Concat(Files("host_test.c"))
        .GroupBy(path => Path.GetFileName(path)!)
        .ToDictionary(group => group.Key, group => string.Concat(group.Select(File.ReadAllText)));

    [Fact]
    public void Every_threat_has_an_answer_and_a_test_or_says_that_it_is_accepted()
    {
        Assert.True(Rows.Length > 40, $"{Rows.Length} rows");
        Assert.All(Rows, row =>
        {
            Assert.Equal(3, row.Length);
            Assert.NotEmpty(row[1].Trim());
            bool isAccepted = row[2].Trim().StartsWith(Accepted, StringComparison.Ordinal);
            Assert.True(isAccepted != Tests(row).Any(), $"{row[0]}: {row[2]}");
        });
    }

    [Fact]
    public void Every_test_that_it_names_exists() => Assert.All(Rows.SelectMany(Tests), test => Assert.True(Exists(test), $"there is no test {test}"));

    [Theory]
    [InlineData("ThreatModelTests.No_such_test")]
    [InlineData("ThreatModelTests.Exists")]
    [InlineData("NoSuchTests.Every_test_that_it_names_exists")]
    [InlineData("host_test.c: No_such_test")]
    [InlineData("host_test.c: cancel_later")]
    [InlineData("build.test.mjs: No such test")]
    [InlineData("words")]
    public void A_test_that_does_not_exist_is_found(string name) => Assert.False(Exists(name));

    private static IEnumerable<string> Tests(string[] row) => Quoted().Matches(row[2]).Select(match => match.Groups[1].Value);

    private static bool Exists(string test)
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
