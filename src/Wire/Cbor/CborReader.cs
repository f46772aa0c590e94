using System.Text;

namespace Init.Wire;

/// <summary>Reads a CBOR document, RFC 8949. The constructor refuses what the rules do; the rest asks only about types.</summary>
/// <remarks>Strings are slices of the document: nothing is allocated because a length says so.</remarks>
public ref struct CborReader
{
    private readonly ReadOnlySpan<byte> _document;
    private int _position;

    /// <summary>Checks all of <paramref name="document"/> and stands before its one data item.</summary>
    /// <exception cref="WireException">Malformed, or TooLarge: depth, items, keys.</exception>
    public CborReader(ReadOnlySpan<byte> document, CborRules rules)
    {
        CborValidator.Validate(document, rules);
        _document = document;
    }

    private readonly ReadOnlySpan<byte> Rest => _document[_position..];

    /// <summary>What is next, without moving.</summary>
    public readonly CborType PeekType() => _position == _document.Length ? CborType.End : CborToken.Read(Rest).Type;

    /// <summary>Reads an integer of 0 or more.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public ulong ReadUInt64() => Take(CborType.UnsignedInteger).Argument;

    /// <summary>Reads an integer of 0 or more that fits into 32 bits.</summary>
    /// <exception cref="WireException">Malformed: something else is next. TooLarge: it does not fit.</exception>
    public uint ReadUInt32()
    {
        ulong value = ReadUInt64();
        return value <= uint.MaxValue ? (uint)value : throw WireException.TooLarge($"read CBOR: {value} does not fit into 32 bits");
    }

    /// <summary>Reads an integer that fits into 64 bits with its sign.</summary>
    /// <exception cref="WireException">Malformed: something else is next. TooLarge: it does not fit.</exception>
    public long ReadInt64()
    {
        bool isNegative = PeekType() == CborType.NegativeInteger;
        ulong argument = Take(isNegative ? CborType.NegativeInteger : CborType.UnsignedInteger).Argument;
        return argument <= long.MaxValue
            ? isNegative ? -1 - (long)argument : (long)argument
            : throw WireException.TooLarge("read CBOR: an integer does not fit into 64 bits with its sign");
    }

    /// <summary>Reads the argument n of a negative integer, whose value is -1 - n.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public ulong ReadNegativeArgument() => Take(CborType.NegativeInteger).Argument;

    /// <summary>Reads true or false.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public bool ReadBoolean() => Take(CborType.Boolean).Argument == CborToken.True;

    /// <summary>Moves past null if it is next.</summary>
    public bool TryReadNull()
    {
        if (PeekType() != CborType.Null)
        {
            return false;
        }

        Take(CborType.Null);
        return true;
    }

    /// <summary>Reads a simple value without a name of its own; undefined is 23.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public byte ReadSimple() => (byte)Take(CborType.Simple).Argument;

    /// <summary>Reads a floating-point number of any precision.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public double ReadDouble() => CborFloat.Value(Take(CborType.FloatingPoint));

    /// <summary>Reads a tag's number; its content is next.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public ulong ReadTag() => Take(CborType.Tag).Argument;

    /// <summary>Reads bytes in one piece.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public ReadOnlySpan<byte> ReadByteString() => _document[ReadByteStringRange()];

    /// <summary>Reads bytes in one piece, as their place in the document.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public Range ReadByteStringRange() => TakeContent(CborType.ByteString);

    /// <summary>Reads text in one piece as the UTF-8 it is.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public ReadOnlySpan<byte> ReadTextUtf8() => _document[TakeContent(CborType.TextString)];

    /// <summary>Reads text of at most <paramref name="maxBytes"/> bytes.</summary>
    /// <exception cref="WireException">Malformed: something else is next. TooLarge.</exception>
    public string ReadText(int maxBytes)
    {
        ReadOnlySpan<byte> utf8 = ReadTextUtf8();
        return utf8.Length <= maxBytes
            ? Encoding.UTF8.GetString(utf8)
            : throw WireException.TooLarge($"read CBOR: text of {utf8.Length} bytes, limit {maxBytes}");
    }

    /// <summary>Enters an array. Every item must be read, and <see cref="HasNext"/> asked before each and after the last.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public CborItems ReadArray() => new(Take(CborType.Array));

    /// <summary>Enters a map, whose keys and values follow in turn; <see cref="HasNext"/> is asked before each key and after the last value.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public CborItems ReadMap() => new(Take(CborType.Map));

    /// <summary>Enters a string of indefinite length, whose chunks follow as strings in one piece.</summary>
    /// <exception cref="WireException">Malformed: something else is next.</exception>
    public CborItems ReadChunks() => new(Take(PeekType() == CborType.TextChunks ? CborType.TextChunks : CborType.ByteChunks));

    /// <summary>Whether another item, pair or chunk follows; moves past the break where there is one.</summary>
    public bool HasNext(ref CborItems items)
    {
        if (items.Count is not null)
        {
            return items.Left-- > 0;
        }

        if (PeekType() != CborType.Break)
        {
            return true;
        }

        Take(CborType.Break);
        return false;
    }

    /// <summary>Moves past one data item with everything in it.</summary>
    /// <exception cref="WireException">Malformed: there is none.</exception>
    public void Skip()
    {
        // Recursive; the constructor has limited the depth.
        switch (PeekType())
        {
            case CborType.ByteString:
                ReadByteStringRange();
                break;
            case CborType.TextString:
                ReadTextUtf8();
                break;
            case CborType.ByteChunks or CborType.TextChunks:
                SkipItems(ReadChunks(), itemsEach: 1);
                break;
            case CborType.Array:
                SkipItems(ReadArray(), itemsEach: 1);
                break;
            case CborType.Map:
                SkipItems(ReadMap(), itemsEach: 2);
                break;
            case CborType.Tag:
                ReadTag();
                Skip();
                break;
            case CborType type and not (CborType.Break or CborType.End):
                Take(type);
                break;
            default:
                throw WireException.Malformed("read CBOR: no data item to skip");
        }
    }

    /// <summary>Requires that everything has been read.</summary>
    /// <exception cref="WireException">Malformed: something is left.</exception>
    public readonly void ReadEnd()
    {
        if (_position < _document.Length)
        {
            throw WireException.Malformed($"read CBOR: {_document.Length - _position} bytes behind the last expected item");
        }
    }

    private void SkipItems(CborItems items, int itemsEach)
    {
        while (HasNext(ref items))
        {
            for (int i = 0; i < itemsEach; i++)
            {
                Skip();
            }
        }
    }

    private CborToken Take(CborType expected)
    {
        CborToken token = _position == _document.Length ? default : CborToken.Read(Rest);
        if (token.HeadLength == 0 || token.Type != expected)
        {
            throw WireException.Malformed($"read CBOR: expected {expected}, found {PeekType()}");
        }

        _position += token.HeadLength;
        return token;
    }

    private Range TakeContent(CborType expected)
    {
        CborToken token = Take(expected);
        int start = _position;
        _position += (int)token.Argument;
        return start.._position;
    }
}
