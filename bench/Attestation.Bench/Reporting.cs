using System.Text.Json;

namespace Init.Attestation.Bench;

/// <summary>Where the numbers go.</summary>
internal static class Reporting
{
    private static readonly MarkedSection Marks = new("attestation");

    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    /// <summary>Puts the section where the last one was, or at the end.</summary>
    public static void Replace(string path, string section) =>
        Marks.Replace(path, $"{Marks.Begin}\n{section}\n\n{Marks.End}\n");
}
