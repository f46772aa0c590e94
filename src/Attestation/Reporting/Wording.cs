using System.Globalization;

namespace Init.Attestation;

/// <summary>How reports write times and what comes from outside.</summary>
internal static class Wording
{
    public static string Text(this DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    public static string Text(this TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");

    public static string Name(this AttestationStepResult result) => result.Step.ToString().ToLowerInvariant();

    /// <summary>Text from outside, without anything that a terminal would obey or hide.</summary>
    public static string Printable(this string text) =>
        string.Concat(text.Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\u{(int)c:x4}"));
}
