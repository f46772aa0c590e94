namespace Init.Architecture.Tests;

/// <summary>docs/threat-model.md names tests that exist.</summary>
public sealed class ThreatModelTests
{
    private static readonly string[][] Rows =
    [
        .. File.ReadAllText(Path.Combine(Repository.Root, "docs/threat-model.md")).Split("\n## ")
            .Where(section => section.Contains("| threat | answer | test |", StringComparison.Ordinal))
            .SelectMany(section => section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1))
            .Select(line => line.Trim().Trim('|').Split('|')),
    ];

    [Fact]
    public void Every_threat_has_an_answer_and_a_test_that_exists_or_says_that_it_is_accepted()
    {
        Assert.True(Rows.Length > 40, $"{Rows.Length} rows");
        Assert.All(Rows, NamedTests.AssertAnswered);
    }
}
