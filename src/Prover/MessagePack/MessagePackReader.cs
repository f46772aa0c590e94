using System.Text;

namespace Init.Prover.MessagePack;

/// <summary>Reads one reply of bbapi. The constructor refuses a malformed document, so the rest asks only about types.</summary>
/// <remarks>Strings and binaries are slices of the input: nothing is allocated because a length says so.</remarks>
internal ref struct MessagePackReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Checks all of <paramref name="document"/> and stands before its value.</summary>
    /// <exception cref="ProverException">MalformedReply: see <see cref="MessagePackValidator.Validate"/>.</exception>
    public MessagePackReader(ReadOnlySpan<byte> document)
    {
        MessagePackValidator.Validate(document);
        _rest = document;
    }

    /// <summary>True when everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>What the next value is, without moving.</summary>
    /// <exception cref="ProverException">MalformedReply: there is no next value.</exception>
    public readonly MessagePackType PeekType() => MessagePackToken.Read(_rest).Type;

    /// <summary>Moves past nil if it is next.</summary>
    public bool TryReadNil()
    {
        if (PeekType() != MessagePackType.Nil)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    /// <summary>Reads a boolean.</summary>
    /// <exception cref="ProverException">MalformedReply: the next value is something else.</exception>
    public bool ReadBoolean() => Take(MessagePackType.Boolean).Bits != 0;

    /// <summary>Reads an integer that is not negative.</summary>
    /// <exception cref="ProverException">MalformedReply: the next value is something else.</exception>
    public ulong ReadUInt64()
    {
        MessagePackToken token = Take(MessagePackType.Integer);
        return token.IsNegative ? throw MessagePackToken.Malformed("expected an unsigned integer, found a negative one") : token.Bits;
    }

    /// <summary>Reads an integer that is not negative and fits into 32 bits.</summary>
    /// <exception cref="ProverException">MalformedReply: the next value is something else.</exception>
    public uint ReadUInt32()
    {
        ulong value = ReadUInt64();
        return value <= uint.MaxValue ? (uint)value : throw MessagePackToken.Malformed($"{value} does not fit into 32 bits");
    }

    /// <summary>Reads an integer that fits into a signed 64-bit one.</summary>
    /// <exception cref="ProverException">MalformedReply: the next value is something else.</exception>
    public long ReadInt64()
    {
        MessagePackToken token = Take(MessagePackType.Integer);
        return token.IsNegative || token.Bits <= long.MaxValue
            ? unchecked((long)token.Bits)
            : throw MessagePackToken.Malformed($"{token.Bits} does not fit into a signed integer");
    }

    /// <summary>Reads a float32 or float64.</summary>
    /// <exception cref="ProverException">MalformedReply: the next value is something else.</exception>
    public double ReadDouble() => BitConverter.UInt64BitsToDouble(Take(MessagePackType.Float).Bits);

    /// <summary>Reads text as the UTF-8 it is, a slice of the document.</summary>
    /// <exception cref="ProverException">MalformedReply: the next value is something else.</exception>
    public ReadOnlySpan<byte> ReadStringUtf8() => TakeBytes(MessagePackType.String);

    /// <summary>Reads text of at most <paramref name="maxBytes"/> bytes.</summary>
    /// <exception cref="ProverException">MalformedReply: the next value is something else or longer.</exception>
    public string ReadString(int maxBytes)
    {
        ReadOnlySpan<byte> utf8 = ReadStringUtf8();
        return utf8.Length <= maxBytes
            ? Encoding.UTF8.GetString(utf8)
            : throw MessagePackToken.Malformed($"string of {utf8.Length} bytes, limit {maxBytes}");
    }

    /// <summary>Reads bytes, a slice of the document.</summary>
    /// <exception cref="ProverException">MalformedReply: the next value is something else.</exception>
    public ReadOnlySpan<byte> ReadBinary() => TakeBytes(MessagePackType.Binary);

    /// <summary>Enters an array.</summary>
    /// <returns>Its number of values, never more than the bytes that are left.</returns>
    /// <exception cref="ProverException">MalformedReply: the next value is something else.</exception>
    public int ReadArrayHeader() => Take(MessagePackType.Array).Count;

    /// <summary>Enters a map.</summary>
    /// <returns>Its number of pairs, at most <see cref="MessagePackValidator.MaxMapKeys"/>.</returns>
    /// <exception cref="ProverException">MalformedReply: the next value is something else.</exception>
    public int ReadMapHeader() => Take(MessagePackType.Map).Count;

    /// <summary>Moves past one value with everything in it.</summary>
    /// <remarks>Iterative; the constructor has bounded the depth.</remarks>
    public void Skip()
    {
        long valuesLeft = 1;
        do
        {
            MessagePackToken token = MessagePackToken.Read(_rest);
            _rest = _rest[token.TotalBytes..];
            valuesLeft += token.Type switch
            {
                MessagePackType.Array => token.Count - 1L,
                MessagePackType.Map => (2L * token.Count) - 1,
                _ => -1,
            };
        }
        while (valuesLeft > 0);
    }

    /// <summary>Requires that everything has been read.</summary>
    /// <exception cref="ProverException">MalformedReply: something is left.</exception>
    public readonly void ReadEnd()
    {
        if (!IsAtEnd)
        {
            throw MessagePackToken.Malformed($"{_rest.Length} bytes left behind the last expected value");
        }
    }

    private MessagePackToken Take(MessagePackType expected)
    {
        MessagePackToken token = Expect(expected);
        _rest = _rest[token.HeaderBytes..];
        return token;
    }

    private ReadOnlySpan<byte> TakeBytes(MessagePackType expected)
    {
        MessagePackToken token = Expect(expected);
        ReadOnlySpan<byte> payload = _rest.Slice(token.HeaderBytes, token.Count);
        _rest = _rest[token.TotalBytes..];
        return payload;
    }

    private readonly MessagePackToken Expect(MessagePackType expected)
    {
        MessagePackToken token = MessagePackToken.Read(_rest);
        return token.Type == expected ? token : throw MessagePackToken.Malformed($"expected {expected}, found {token.Type}");
    }
}
