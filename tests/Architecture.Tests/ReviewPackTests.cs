using System.Text.RegularExpressions;

namespace Init.Architecture.Tests;

/// <summary>The reviewer's pack (docs/review) names tests, files and pages that exist. Whether its generated pages are stale says scripts/review.mjs.</summary>
public sealed partial class ReviewPackTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs/review");

    private static readonly string[][] Advice =
    [
        .. File.ReadAllLines(Path.Combine(Folder, "advice.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| advice |", StringComparison.Ordinal))
            .Select(line => line.Trim().Trim('|').Split('|')),
    ];

    [Fact]
    public void Every_advice_has_an_answer_and_a_test_that_exists_or_says_that_it_is_accepted()
    {
        Assert.True(Advice.Length > 25, $"{Advice.Length} rows");
        Assert.All(Advice, NamedTests.AssertAnswered);
    }

    [Fact]
    public void Every_type_of_tests_that_it_names_exists() => Assert.All(
        Pages().SelectMany(page => TestType().Matches(page.Text).Select(match => match.Groups[1].Value)),
        type => Assert.True(NamedTests.IsFile(type), $"there are no {type}"));

    [Fact]
    public void Every_link_leads_to_a_file()
    {
        (string Page, string Link)[] links = [.. Pages().SelectMany(page => Link().Matches(page.Text).Select(match => (page.Name, match.Groups[1].Value)))];
        Assert.True(links.Length > 20, $"{links.Length} links");
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Folder, link.Link)), $"{link.Page}: there is no {link.Link}"));
    }

    private static IEnumerable<(string Name, string Text)> Pages() =>
        Directory.EnumerateFiles(Folder, "*.md").Select(path => (Path.GetFileName(path), File.ReadAllText(path)));

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex TestType();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)[^)]*\)")]
    private static partial Regex Link();
}
