using System.Globalization;
using System.Text.RegularExpressions;

namespace Init.Architecture.Tests;

/// <summary>docs/reliability.md, the list of failure modes, and the tests that carry their numbers agree.</summary>
public sealed partial class ReliabilityTests
{
    private const int Modes = 38;

    private const string Figures = "<!-- figures: make campaign writes what follows -->";

    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs/reliability.md"));

    private static readonly Row[] Rows =
    [
        .. Document[..Document.IndexOf(Figures, StringComparison.Ordinal)].Split('\n').Where(line => NumberedRow().IsMatch(line))
            .Select(line => line.Trim().Trim('|').Split('|'))
            .Select(cells => new Row(int.Parse(cells[0], CultureInfo.InvariantCulture), cells[1].Trim(), cells[2].Trim(), NamedTests.In(cells[3]))),
    ];

    private static readonly Tag[] Tags = [.. TestSources().SelectMany(path => TagsOf(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)))];

    [Fact]
    public void Every_mode_has_a_row_with_a_promise_and_a_test()
    {
        Assert.Equal(Enumerable.Range(1, Modes), Rows.Select(row => row.Number));
        Assert.All(Rows, row =>
        {
            Assert.NotEmpty(row.Name);
            Assert.NotEmpty(row.Promise);
            Assert.NotEmpty(row.Tests);
        });
    }

    [Fact]
    public void Every_test_that_a_row_names_exists_and_carries_its_number_and_name() => Assert.All(
        Rows, row => Assert.All(row.Tests, test => Assert.Contains(new Tag(row.Number, row.Name, test), Tags)));

    [Fact]
    public void Every_test_that_carries_a_number_is_in_its_row() => Assert.All(
        Tags, tag => Assert.Contains(Rows, row => row.Number == tag.Number && row.Name == tag.Name && row.Tests.Contains(tag.Test)));

    /// <summary>A tag that the pattern does not see would be one that nobody checks.</summary>
    [Fact]
    public void Every_tag_stands_above_a_test() =>
        Assert.Equal(TestSources().Sum(path => Written().Count(File.ReadAllText(path))), Tags.Length);

    [Fact]
    public void The_figures_have_a_row_for_every_mode_of_the_last_campaign() => Assert.Equal(
        Enumerable.Range(1, Modes),
        Document[Document.IndexOf(Figures, StringComparison.Ordinal)..].Split('\n').Where(line => NumberedRow().IsMatch(line))
            .Select(line => int.Parse(line.Split('|')[1], CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("[FailureMode(3, \"X\")]\n    [Fact]\n    public void Holds() => F();", "3 X A.Holds")]
    [InlineData("[FailureMode(3, \"X\")]\n    [FailureMode(4, \"Y\")]\n    [Theory]\n    [InlineData(1)]\n    public async Task Holds(int n)\n", "3 X A.Holds, 4 Y A.Holds")]
    [InlineData("[FailureMode(3, \"X\")]\n    public void Is_no_test() => F();", "")]
    [InlineData("[FailureMode(3, \"X\")]\n    private int _field;\n\n    [Fact]\n    public void Another() => F();", "")]
    public void A_tag_belongs_to_the_test_below_it(string source, string expected) =>
        Assert.Equal(expected, string.Join(", ", TagsOf("A", source).Select(tag => $"{tag.Number} {tag.Name} {tag.Test}")));

    private static IEnumerable<Tag> TagsOf(string type, string source) => Tagged().Matches(source).SelectMany(match => Written().Matches(match.Groups["tags"].Value).Select(
        tag => new Tag(int.Parse(tag.Groups[1].Value, CultureInfo.InvariantCulture), tag.Groups[2].Value, $"{type}.{match.Groups["name"].Value}")));

    private static IEnumerable<string> TestSources() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/Architecture.Tests/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex NumberedRow();

    [GeneratedRegex("""\[FailureMode\((\d+), "([^"]*)"\)\]""")]
    private static partial Regex Written();

    // Facts alone run: one of the attributes between a tag and its method must make it one.
    [GeneratedRegex("""
        (?<tags>(?:\[FailureMode\(\d+, "[^"]*"\)\]\s*)+)\[\w*(?:Fact|Theory)\b[^\n]*\]\s*(?:\[[^\n]*\]\s*)*public (?:static )?(?:async )?(?:void|Task) (?<name>\w+)\(
        """)]
    private static partial Regex Tagged();

    private sealed record Row(int Number, string Name, string Promise, string[] Tests);

    private sealed record Tag(int Number, string Name, string Test);
}
