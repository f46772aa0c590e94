using System.Buffers.Binary;

namespace Init.Wire;

/// <summary>The head of a data item: RFC 8949 section 3.</summary>
internal readonly struct CborToken
{
    public const byte False = 20;
    public const byte True = 21;
    public const byte Null = 22;

    private const byte OneByte = 24;
    private const byte TwoBytes = 25;
    private const byte FourBytes = 26;
    private const byte EightBytes = 27;
    private const byte Indefinite = 31;

    private CborToken(CborMajor major, byte info, ulong argument, int headLength)
    {
        Major = major;
        Info = info;
        Argument = argument;
        HeadLength = headLength;
    }

    public CborMajor Major { get; }

    /// <summary>The five low bits of the first byte.</summary>
    public byte Info { get; }

    /// <summary>The value, the length or the count; of a floating-point number its bits; 0 where the length is indefinite.</summary>
    public ulong Argument { get; }

    /// <summary>How many bytes the head has.</summary>
    public int HeadLength { get; }

    public bool IsIndefinite => Info == Indefinite && Major != CborMajor.Simple;

    public bool IsBreak => Info == Indefinite && Major == CborMajor.Simple;

    public bool IsFloat => Major == CborMajor.Simple && Info is TwoBytes or FourBytes or EightBytes;

    /// <summary>Whether the argument could not have been said in fewer bytes. Not for floating-point numbers.</summary>
    public bool IsShortest => Info < OneByte || (!IsIndefinite && !IsBreak && HeadLength == HeadBytes(Argument));

    public CborType Type => Major switch
    {
        CborMajor.UnsignedInteger => CborType.UnsignedInteger,
        CborMajor.NegativeInteger => CborType.NegativeInteger,
        CborMajor.ByteString => IsIndefinite ? CborType.ByteChunks : CborType.ByteString,
        CborMajor.TextString => IsIndefinite ? CborType.TextChunks : CborType.TextString,
        CborMajor.Array => CborType.Array,
        CborMajor.Map => CborType.Map,
        CborMajor.Tag => CborType.Tag,
        _ => SimpleType(),
    };

    /// <summary>Reads the head at the start of <paramref name="rest"/>.</summary>
    /// <exception cref="WireException">Malformed: nothing or not all of it is there, or it is reserved.</exception>
    public static CborToken Read(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            throw WireException.Malformed("read CBOR: ends where a data item should be");
        }

        CborMajor major = (CborMajor)(rest[0] >> 5);
        byte info = (byte)(rest[0] & 0x1f);
        return info < OneByte ? new CborToken(major, info, info, 1) : ReadLonger(rest, major, info); // most heads are one byte
    }

    /// <summary>Whether the shortest head with this argument is one byte.</summary>
    public static bool FitsFirstByte(ulong argument) => argument < OneByte;

    /// <summary>How many bytes the shortest head with this argument has.</summary>
    public static int HeadBytes(ulong argument) => argument switch
    {
        < OneByte => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => 9,
    };

    /// <summary>The five low bits of the first byte of that head.</summary>
    public static byte InfoFor(ulong argument) => HeadBytes(argument) switch
    {
        1 => (byte)argument,
        2 => OneByte,
        3 => TwoBytes,
        5 => FourBytes,
        _ => EightBytes,
    };

    private static CborToken ReadLonger(ReadOnlySpan<byte> rest, CborMajor major, byte info)
    {
        CborToken token = info switch
        {
            <= EightBytes => ReadArgument(rest, major, info),
            Indefinite => new(major, info, 0, 1),
            _ => throw WireException.Malformed($"read CBOR: reserved additional information {info}"),
        };
        token.RefuseReserved();
        return token;
    }

    private static CborToken ReadArgument(ReadOnlySpan<byte> rest, CborMajor major, byte info)
    {
        int argumentBytes = 1 << (info - OneByte);
        if (rest.Length <= argumentBytes)
        {
            throw WireException.Malformed("read CBOR: ends inside the head of a data item");
        }

        ReadOnlySpan<byte> argument = rest[1..];
        ulong value = info switch
        {
            OneByte => argument[0],
            TwoBytes => BinaryPrimitives.ReadUInt16BigEndian(argument),
            FourBytes => BinaryPrimitives.ReadUInt32BigEndian(argument),
            _ => BinaryPrimitives.ReadUInt64BigEndian(argument),
        };
        return new CborToken(major, info, value, 1 + argumentBytes);
    }

    // RFC 8949 section 3.2.1: only strings, arrays and maps are indefinite. Section 3.3: simple values below 32 have one byte.
    private void RefuseReserved()
    {
        if (Info == Indefinite && Major is CborMajor.UnsignedInteger or CborMajor.NegativeInteger or CborMajor.Tag)
        {
            throw WireException.Malformed($"read CBOR: {Major} of indefinite length");
        }

        if (Major == CborMajor.Simple && Info == OneByte && Argument < 32)
        {
            throw WireException.Malformed($"read CBOR: simple value {Argument} in two bytes");
        }
    }

    private CborType SimpleType() => Info switch
    {
        False or True => CborType.Boolean,
        Null => CborType.Null,
        TwoBytes or FourBytes or EightBytes => CborType.FloatingPoint,
        Indefinite => CborType.Break,
        _ => CborType.Simple,
    };
}
