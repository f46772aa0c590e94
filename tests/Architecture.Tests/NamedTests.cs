using System.Text.RegularExpressions;

namespace Init.Architecture.Tests;

/// <summary>The tests that a document names, as `Type.Fact`, `file.c: function` or `file.test.mjs: title`.</summary>
internal static class NamedTests
{
    private static readonly Dictionary<string, string> Sources = Files("*Tests.cs").Concat(Files("*.test.mjs")).Concat(Files("host_test.c"))
        .GroupBy(path => Path.GetFileName(path)!)
        .ToDictionary(group => group.Key, group => string.Concat(group.Select(File.ReadAllText)));

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
}
