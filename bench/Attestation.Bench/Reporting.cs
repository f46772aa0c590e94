using System.Text.Json;

namespace Init.Attestation.Bench;

/// <summary>Where the numbers go.</summary>
internal static class Reporting
{
    private const string Begin = "<!-- attestation:begin -->";
    private const string End = "<!-- attestation:end -->";

    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    /// <summary>Puts the section where the last one was, or at the end.</summary>
    public static void Replace(string path, string section)
    {
        string old = File.ReadAllText(path);
        string marked = $"{Begin}\n{section}\n\n{End}\n";
        int begin = old.IndexOf(Begin, StringComparison.Ordinal);
        int end = old.IndexOf(End + "\n", StringComparison.Ordinal);
        File.WriteAllText(path, begin >= 0 && end > begin ? old[..begin] + marked + old[(end + End.Length + 1)..] : $"{old.TrimEnd('\n')}\n\n{marked}");
    }
}
