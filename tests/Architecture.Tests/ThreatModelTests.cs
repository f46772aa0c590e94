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
    public void Every_test_that_it_names_exists() => Assert.All(Rows.SelectMany(Tests), test => Assert.True(NamedTests.Exists(test), $"there is no test {test}"));

    private static IEnumerable<string> Tests(string[] row) => Quoted().Matches(row[2]).Select(match => match.Groups[1].Value);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
