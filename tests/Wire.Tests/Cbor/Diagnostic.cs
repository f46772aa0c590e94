using System.Globalization;
using System.Numerics;
using System.Text;

namespace Init.Wire.Tests;

/// <summary>RFC 8949 section 8, as its Appendix A writes it; floating-point numbers as .NET writes them.</summary>
internal static class Diagnostic
{
    private const ulong PositiveBignum = 2;
    private const ulong NegativeBignum = 3;

    /// <summary>Reads a whole document through <see cref="CborReader"/>.</summary>
    public static string Of(ReadOnlySpan<byte> document, CborRules rules)
    {
        CborReader reader = new(document, rules);
        string text = Item(ref reader);
        reader.ReadEnd();
        return text;
    }

    private static string Item(ref CborReader reader) => reader.PeekType() switch
    {
        CborType.UnsignedInteger => reader.ReadUInt64().ToString(CultureInfo.InvariantCulture),
        CborType.NegativeInteger => (BigInteger.MinusOne - reader.ReadNegativeArgument()).ToString(CultureInfo.InvariantCulture),
        CborType.ByteString => Bytes(reader.ReadByteString()),
        CborType.TextString => Text(reader.ReadTextUtf8()),
        CborType.ByteChunks or CborType.TextChunks => Chunks(ref reader),
        CborType.Array => Array(ref reader),
        CborType.Map => Map(ref reader),
        CborType.Tag => Tagged(ref reader),
        CborType.Boolean => reader.ReadBoolean() ? "true" : "false",
        CborType.Null => reader.TryReadNull() ? "null" : "not null",
        CborType.FloatingPoint => reader.ReadDouble().ToString("R", CultureInfo.InvariantCulture) + "f",
        _ => reader.ReadSimple() is byte simple and not 23 ? $"simple({simple})" : "undefined",
    };

    private static string Bytes(ReadOnlySpan<byte> bytes) => $"h'{Convert.ToHexStringLower(bytes)}'";

    private static string Text(ReadOnlySpan<byte> utf8)
    {
        StringBuilder text = new("\"");
        foreach (char c in Encoding.UTF8.GetString(utf8))
        {
            text.Append(c switch
            {
                '"' or '\\' => $"\\{c}",
                < ' ' or > '~' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }

    private static string Chunks(ref CborReader reader)
    {
        CborItems chunks = reader.ReadChunks();
        return $"(_ {Items(ref reader, chunks)})";
    }

    private static string Array(ref CborReader reader)
    {
        CborItems items = reader.ReadArray();
        return $"[{Underscore(items)}{Items(ref reader, items)}]";
    }

    private static string Map(ref CborReader reader)
    {
        CborItems items = reader.ReadMap();
        List<string> pairs = [];
        while (reader.HasNext(ref items))
        {
            pairs.Add($"{Item(ref reader)}: {Item(ref reader)}");
        }

        return $"{{{Underscore(items)}{string.Join(", ", pairs)}}}";
    }

    private static string Items(ref CborReader reader, CborItems items)
    {
        List<string> texts = [];
        while (reader.HasNext(ref items))
        {
            texts.Add(Item(ref reader));
        }

        return string.Join(", ", texts);
    }

    private static string Tagged(ref CborReader reader)
    {
        ulong tag = reader.ReadTag();
        if (tag is PositiveBignum or NegativeBignum && reader.PeekType() == CborType.ByteString)
        {
            BigInteger value = new(reader.ReadByteString(), isUnsigned: true, isBigEndian: true);
            return (tag == PositiveBignum ? value : BigInteger.MinusOne - value).ToString(CultureInfo.InvariantCulture);
        }

        return $"{tag}({Item(ref reader)})";
    }

    private static string Underscore(CborItems items) => items.Count is null ? "_ " : "";
}
