using System.Text;

namespace Init.Wire;

/// <summary>Text that goes into CBOR.</summary>
internal static class Utf8Text
{
    /// <summary>Its length as UTF-8.</summary>
    /// <exception cref="WireException">InvalidValue: a lone surrogate, which the replacement fallback would turn into other text.</exception>
    public static int CountBytes(string text)
    {
        if (IndexOfLoneSurrogate(text) is int index and >= 0)
        {
            throw WireException.InvalidValue($"write text: lone surrogate at index {index}");
        }

        return Encoding.UTF8.GetByteCount(text);
    }

    /// <summary>The longest start of <paramref name="text"/> that has at most <paramref name="maxBytes"/> bytes; lone surrogates become U+FFFD.</summary>
    public static string Fit(string text, int maxBytes)
    {
        StringBuilder fitting = new();
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            fitting.Append(rune.ToString());
        }

        return fitting.ToString();
    }

    /// <summary>The order of texts of one length as UTF-8, bytewise.</summary>
    public static IComparer<string> Order { get; } = Comparer<string>.Create(
        (left, right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));

    private static int IndexOfLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
