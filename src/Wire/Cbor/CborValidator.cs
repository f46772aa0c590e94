using System.Text.Unicode;

namespace Init.Wire;

/// <summary>Goes once through a document and refuses what the rules do, so that whoever reads it need only ask about types.</summary>
internal ref struct CborValidator
{
    private const byte Break = 0xff;

    private readonly ReadOnlySpan<byte> _document;
    private readonly CborRules _rules;
    private int _position;
    private int _items;

    private CborValidator(ReadOnlySpan<byte> document, CborRules rules)
    {
        _document = document;
        _rules = rules;
    }

    private readonly int BytesLeft => _document.Length - _position;

    /// <summary>Checks all of <paramref name="document"/>: one data item, nothing behind it.</summary>
    /// <exception cref="WireException">Malformed, or TooLarge: depth, items, keys.</exception>
    public static void Validate(ReadOnlySpan<byte> document, CborRules rules)
    {
        CborValidator validator = new(document, rules);
        validator.ReadItem(depth: 0);
        if (validator.BytesLeft > 0)
        {
            throw WireException.Malformed($"read CBOR: {validator.BytesLeft} bytes behind the data item");
        }
    }

    // Recursive; the depth is limited before each call.
    private void ReadItem(int depth)
    {
        CborToken token = ReadHead();
        switch (token.Major)
        {
            case CborMajor.ByteString or CborMajor.TextString when token.IsIndefinite:
                ReadChunks(token.Major);
                break;
            case CborMajor.ByteString or CborMajor.TextString:
                ReadString(token);
                break;
            case CborMajor.Array:
                ReadArray(token, Deeper(depth));
                break;
            case CborMajor.Map when _rules == CborRules.Deterministic:
                ReadSortedMap(token, Deeper(depth));
                break;
            case CborMajor.Map:
                ReadForeignMap(token, Deeper(depth));
                break;
            case CborMajor.Tag:
                ReadItem(Deeper(depth));
                break;
            case CborMajor.Simple when token.IsBreak:
                throw WireException.Malformed("read CBOR: a break where a data item should be");
        }
    }

    private CborToken ReadHead()
    {
        CborToken token = CborToken.Read(_document[_position..]);
        if (++_items > WireLimits.MaxCborItems)
        {
            throw WireException.TooLarge($"read CBOR: more than {WireLimits.MaxCborItems} data items");
        }

        if (_rules == CborRules.Deterministic && !(token.IsFloat ? CborFloat.IsShortest(token) : token.IsShortest || token.IsBreak))
        {
            throw WireException.Malformed($"read CBOR: {token.Major} at {_position} is not in its shortest, definite form");
        }

        _position += token.HeadLength;
        return token;
    }

    private static int Deeper(int depth) => depth < WireLimits.MaxCborDepth
        ? depth + 1
        : throw WireException.TooLarge($"read CBOR: deeper than {WireLimits.MaxCborDepth}");

    private void ReadString(CborToken token)
    {
        if (token.Argument > (ulong)BytesLeft)
        {
            throw WireException.Malformed($"read CBOR: {token.Major} of {token.Argument} bytes, {BytesLeft} are left");
        }

        ReadOnlySpan<byte> content = _document.Slice(_position, (int)token.Argument);
        if (token.Major == CborMajor.TextString && !Utf8.IsValid(content))
        {
            throw WireException.Malformed($"read CBOR: the text at {_position} is not UTF-8");
        }

        _position += content.Length;
    }

    // RFC 8949 section 3.2.3: definite chunks of the same type, each UTF-8 by itself.
    private void ReadChunks(CborMajor major)
    {
        while (!TryReadBreak())
        {
            CborToken chunk = ReadHead();
            if (chunk.Major != major || chunk.IsIndefinite)
            {
                throw WireException.Malformed($"read CBOR: a chunk of a {major} is something else");
            }

            ReadString(chunk);
        }
    }

    private void ReadArray(CborToken token, int depth)
    {
        CheckCount(token);
        for (ulong i = 0; HasNext(token, i); i++)
        {
            ReadItem(depth);
        }
    }

    // RFC 8949 section 4.2.1: bytewise order of the encoded keys, which also shows duplicates.
    private void ReadSortedMap(CborToken token, int depth)
    {
        CheckCount(token);
        ReadOnlySpan<byte> previous = [];
        for (ulong i = 0; HasNext(token, i); i++)
        {
            int start = _position;
            ReadItem(depth);
            ReadOnlySpan<byte> key = _document[start.._position];
            if (previous.SequenceCompareTo(key) >= 0)
            {
                throw WireException.Malformed($"read CBOR: the key at {start} is a duplicate or out of order");
            }

            previous = key;
            ReadItem(depth);
        }
    }

    // Each key is compared with each, so their number and length are limited: no sorting, no hash table, nothing to allocate.
    private void ReadForeignMap(CborToken token, int depth)
    {
        CheckCount(token);
        Span<SeenKey> seen = stackalloc SeenKey[WireLimits.MaxForeignMapKeys];
        for (ulong i = 0; HasNext(token, i); i++)
        {
            if (i == WireLimits.MaxForeignMapKeys)
            {
                throw WireException.TooLarge($"read CBOR: a map of more than {WireLimits.MaxForeignMapKeys} keys");
            }

            seen[(int)i] = ReadForeignKey(seen[..(int)i], depth);
            ReadItem(depth);
        }
    }

    private SeenKey ReadForeignKey(scoped ReadOnlySpan<SeenKey> seen, int depth)
    {
        CborKey key = CborKey.Read(_document[_position..]);
        SeenKey here = new(_position, key.Checksum());
        foreach (SeenKey other in seen)
        {
            if (other.Checksum == here.Checksum && key.IsSameAs(CborKey.Read(_document[other.Start..])))
            {
                throw WireException.Malformed($"read CBOR: the key at {here.Start} is a duplicate of that at {other.Start}");
            }
        }

        ReadItem(depth);
        return here;
    }

    // An item has at least one byte, so a count that cannot be right is refused before anything is read.
    private readonly void CheckCount(CborToken token)
    {
        if (token.Argument > (ulong)BytesLeft)
        {
            throw WireException.Malformed($"read CBOR: {token.Major} of {token.Argument} in {BytesLeft} bytes");
        }
    }

    private bool HasNext(CborToken container, ulong index) => container.IsIndefinite ? !TryReadBreak() : index < container.Argument;

    private bool TryReadBreak()
    {
        if (BytesLeft == 0 || _document[_position] != Break)
        {
            return false;
        }

        _position++;
        return true;
    }

    private readonly record struct SeenKey(int Start, uint Checksum);
}
