using System.Diagnostics;
using System.Text.RegularExpressions;
using Init.Testing;

namespace Init.Fuzz.Tests;

public sealed partial class CorpusTests
{
    // Generous: an input takes microseconds, a sealed one milliseconds, and machines are busy.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Targets { get; } = [.. AllTargets.List.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void What_fuzzing_found_is_taken_or_refused_as_it_must_be(string name)
    {
        ManagedTarget target = AllTargets.List.Single(target => target.Name == name);
        int inputs = 0;
        foreach (string file in Corpus.Files(name))
        {
            byte[] input = File.ReadAllBytes(file);
            long start = Stopwatch.GetTimestamp();
            Assert.True(target.Run(input) is not string broken, $"{file}: {target.Run(input)}");
            Assert.True(Stopwatch.GetElapsedTime(start) < Longest, $"{file}: took {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
            Assert.InRange(input.Length, 0, target.MaxBytes);
            inputs++;
        }

        Assert.True(inputs > 1, $"fuzz/corpus/{name} has {inputs} inputs");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_corpus_has_inputs_of_both_kinds(string name)
    {
        // Otherwise its oracle is never asked, or nothing that is refused is tried.
        ManagedTarget target = AllTargets.List.Single(target => target.Name == name);
        Assert.Equal([false, true], Corpus.Files(name).Select(file => target.Take(File.ReadAllBytes(file))).Distinct().Order());
    }

    [Fact]
    public void An_oracle_that_is_broken_is_noticed()
    {
        ManagedTarget broken = new("broken", _ => true) { CheckAccepted = _ => throw new InvalidOperationException("no") };
        Assert.Contains("no", broken.Run([1]));
        Assert.Contains("other", new ManagedTarget("broken", _ => throw new ArgumentException("other")).Run([1]));
        Assert.Contains("allocated", new ManagedTarget("broken", _ => new byte[200_000].Length > 0).Run([1]));
    }

    [Fact]
    public void The_script_runs_the_targets_that_there_are_with_the_same_limits()
    {
        string script = File.ReadAllText(Path.Combine(Places.Root, "fuzz/scripts/targets.mjs"));
        IEnumerable<string> listed = ManagedEntry().Matches(script).Select(entry => $"{entry.Groups[1].Value} {entry.Groups[2].Value}");
        Assert.Equal(AllTargets.List.Select(target => $"{target.Name} {target.MaxBytes}").Order(), listed.Order());
    }

    [GeneratedRegex(@"^  managed\('([a-z]+)', (\d+)", RegexOptions.Multiline)]
    private static partial Regex ManagedEntry();
}
