using System.Buffers.Binary;

namespace Init.Prover.MessagePack;

/// <summary>One value's header: what it is, and where its payload lies. Containers have their items behind the header.</summary>
/// <param name="Type">The family.</param>
/// <param name="HeaderBytes">The length of the header, the value itself included for scalars.</param>
/// <param name="Count">Payload bytes of a string or binary; items of an array; pairs of a map.</param>
/// <param name="Bits">A scalar's value: 0 or 1, two's complement, or the bits of a double.</param>
/// <param name="IsNegative">Whether <paramref name="Bits"/> is a negative integer.</param>
internal readonly record struct MessagePackToken(
    MessagePackType Type, int HeaderBytes, int Count, ulong Bits = 0, bool IsNegative = false)
{
    /// <summary>Header plus, for strings and binaries, payload.</summary>
    public int TotalBytes => Type is MessagePackType.String or MessagePackType.Binary ? HeaderBytes + Count : HeaderBytes;

    /// <summary>Reads the header at the start of <paramref name="input"/>.</summary>
    /// <remarks>
    /// Any width of an integer or a length is taken, since bb's encoder chooses. A length is compared with what is left of the
    /// input before anyone can believe it: each item of a container takes at least one byte.
    /// </remarks>
    /// <exception cref="ProverException">MalformedReply: truncated, reserved or extension type, length beyond the input.</exception>
    public static MessagePackToken Read(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            throw Malformed("truncated before a value");
        }

        byte first = input[0];
        return first switch
        {
            <= 0x7f => new(MessagePackType.Integer, 1, 0, first),
            <= 0x8f => Container(MessagePackType.Map, input, 1, first & 0x0fu),
            <= 0x9f => Container(MessagePackType.Array, input, 1, first & 0x0fu),
            <= 0xbf => Bytes(MessagePackType.String, input, 1, first & 0x1fu),
            0xc0 => new(MessagePackType.Nil, 1, 0),
            0xc2 or 0xc3 => new(MessagePackType.Boolean, 1, 0, first & 1u),
            0xc4 or 0xc5 or 0xc6 => Bytes(MessagePackType.Binary, input, 1 + (1 << (first - 0xc4)), Big(input, 1 << (first - 0xc4))),
            0xca => new(MessagePackType.Float, 5, 0, Widen(Big(input, 4))),
            0xcb => new(MessagePackType.Float, 9, 0, Big(input, 8)),
            0xcc or 0xcd or 0xce or 0xcf => new(
                MessagePackType.Integer, 1 + (1 << (first - 0xcc)), 0, Big(input, 1 << (first - 0xcc))),
            0xd0 or 0xd1 or 0xd2 or 0xd3 => Signed(input, 1 << (first - 0xd0)),
            0xd9 or 0xda or 0xdb => Bytes(MessagePackType.String, input, 1 + (1 << (first - 0xd9)), Big(input, 1 << (first - 0xd9))),
            0xdc or 0xdd => Container(MessagePackType.Array, input, 1 + (2 << (first - 0xdc)), Big(input, 2 << (first - 0xdc))),
            0xde or 0xdf => Container(MessagePackType.Map, input, 1 + (2 << (first - 0xde)), Big(input, 2 << (first - 0xde))),
            >= 0xe0 => new(MessagePackType.Integer, 1, 0, unchecked((ulong)(sbyte)first), IsNegative: true),
            _ => throw Malformed($"type 0x{first:x2} is not used by bbapi"),
        };
    }

    /// <summary>The exception for a reply that does not follow the format.</summary>
    public static ProverException Malformed(string cause) =>
        new(ProverError.MalformedReply, $"read MessagePack: {cause}");

    private static ulong Widen(ulong singleBits) =>
        BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle((uint)singleBits));

    private static MessagePackToken Signed(ReadOnlySpan<byte> input, int width)
    {
        int shift = 64 - (8 * width);
        long value = (long)(Big(input, width) << shift) >> shift;
        return new(MessagePackType.Integer, 1 + width, 0, unchecked((ulong)value), IsNegative: value < 0);
    }

    private static MessagePackToken Bytes(MessagePackType type, ReadOnlySpan<byte> input, int headerBytes, ulong length)
    {
        ulong left = (ulong)(input.Length - headerBytes);
        return length <= left
            ? new(type, headerBytes, (int)length)
            : throw Malformed($"{type} of {length} bytes with {left} left");
    }

    private static MessagePackToken Container(MessagePackType type, ReadOnlySpan<byte> input, int headerBytes, ulong count)
    {
        ulong left = (ulong)(input.Length - headerBytes);
        ulong atLeast = type == MessagePackType.Map ? 2 * count : count;
        return atLeast <= left
            ? new(type, headerBytes, (int)count)
            : throw Malformed($"{type} of {count} items with {left} bytes left");
    }

    private static ulong Big(ReadOnlySpan<byte> input, int width)
    {
        if (input.Length < 1 + width)
        {
            throw Malformed("truncated inside a header");
        }

        ReadOnlySpan<byte> value = input[1..];
        return width switch
        {
            1 => value[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(value),
            4 => BinaryPrimitives.ReadUInt32BigEndian(value),
            _ => BinaryPrimitives.ReadUInt64BigEndian(value),
        };
    }
}
