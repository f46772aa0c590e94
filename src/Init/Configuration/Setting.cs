using System.Globalization;

namespace Init.Configuration;

/// <summary>One setting: its name, what it may be, and how it goes into and out of <see cref="EnclaveSettings"/>.</summary>
internal sealed record Setting
{
    /// <summary>SHA-256 in hexadecimal.</summary>
    private const int DigestDigits = 64;

    private Setting()
    {
    }

    /// <summary>After <c>init.</c>: lower case letters, digits and underscores.</summary>
    public required string Name { get; init; }

    /// <summary>For people, with the unit.</summary>
    public required string Meaning { get; init; }

    /// <summary>What the value may be, for people.</summary>
    public required Func<string> Range { get; init; }

    /// <summary>The value as it is written on the command line; empty when it is not set and has no default.</summary>
    public required Func<EnclaveSettings, string> Format { get; init; }

    /// <summary>The settings with this value; null when it may not be one.</summary>
    public required Func<EnclaveSettings, string, EnclaveSettings?> Apply { get; init; }

    /// <summary>A decimal number, written without sign, leading zeros or separators.</summary>
    public static Setting Number(
        string name,
        string meaning,
        long min,
        long max,
        Func<EnclaveSettings, long> get,
        Func<EnclaveSettings, long, EnclaveSettings> set) => new()
        {
            Name = name,
            Meaning = meaning,
            Range = () => string.Create(CultureInfo.InvariantCulture, $"{min} to {max}"),
            Format = settings => get(settings).ToString(CultureInfo.InvariantCulture),
            Apply = (settings, text) => TryParse(text, out long value) && value >= min && value <= max ? set(settings, value) : null,
        };

    /// <summary>A SHA-256, in lower case.</summary>
    public static Setting Digest(
        string name, string meaning, Func<EnclaveSettings, string?> get, Func<EnclaveSettings, string, EnclaveSettings> set) => new()
        {
            Name = name,
            Meaning = meaning,
            Range = () => "64 hexadecimal digits, lower case",
            Format = settings => get(settings) ?? "",
            Apply = (settings, text) => IsDigest(text) ? set(settings, text) : null,
        };

    /// <summary>One of a few words.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="meaning">For people.</param>
    /// <param name="words">What it may be.</param>
    /// <param name="get">Which of the words it is.</param>
    /// <param name="set">Makes it one of them.</param>
    public static Setting Choice(
        string name, string meaning, string[] words, Func<EnclaveSettings, int> get, Func<EnclaveSettings, int, EnclaveSettings> set) => new()
        {
            Name = name,
            Meaning = meaning,
            Range = () => string.Join(", ", words),
            Format = settings => words[get(settings)],
            Apply = (settings, text) =>
            {
                for (int i = 0; i < words.Length; i++)
                {
                    if (words[i] == text)
                    {
                        return set(settings, i);
                    }
                }

                return null;
            },
        };

    private static bool IsDigest(string text)
    {
        bool isDigest = text.Length == DigestDigits;
        foreach (char digit in text)
        {
            isDigest &= char.IsAsciiHexDigitLower(digit);
        }

        return isDigest;
    }

    private static bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && (text[0] != '0' || text.Length == 1);
}
