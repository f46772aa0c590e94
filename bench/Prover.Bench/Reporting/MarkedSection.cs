namespace Init.Prover.Bench.Reporting;

/// <summary>The part of bench/RESULTS.md that one benchmark writes, between two marks.</summary>
/// <param name="Name">In the marks.</param>
internal sealed record MarkedSection(string Name)
{
    private const string NewFile =
        "# Results of the benchmarks\n\nThe programs in this folder write the sections below; the numbers are also in `results/`.\n\n";

    /// <summary>The line that a section begins with.</summary>
    public string Begin => $"<!-- {Name}:begin -->";

    /// <summary>The line that a section ends with.</summary>
    public string End => $"<!-- {Name}:end -->";

    /// <summary>Puts <paramref name="section"/>, marks and all, where the last one was, or at the end.</summary>
    public void Replace(string path, string section)
    {
        string old = File.Exists(path) ? File.ReadAllText(path) : NewFile;
        int begin = old.IndexOf(Begin, StringComparison.Ordinal);
        int end = old.IndexOf(End + "\n", StringComparison.Ordinal);
        string text = begin >= 0 && end > begin
            ? old[..begin] + section + old[(end + End.Length + 1)..]
            : old.TrimEnd('\n') + "\n\n" + section;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
