using Init.Testing;

namespace Init.Fuzz;

/// <summary>The inputs that are kept: fuzz/corpus, a folder for each target.</summary>
internal static class Corpus
{
    /// <summary>INIT_FUZZ_CORPUS, or the checkout's.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("INIT_FUZZ_CORPUS") ?? Path.Combine(Places.Root, "fuzz/corpus");

    /// <summary>A target's files, in one order always.</summary>
    public static IEnumerable<string> Files(string target)
    {
        string folder = Path.Combine(Folder, target);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal) : [];
    }
}
