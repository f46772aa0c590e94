namespace Init.Wire;

/// <summary>A map's key under <see cref="CborRules.WellFormed"/>: equal in the data model however it is encoded.</summary>
internal readonly ref struct CborKey
{
    private readonly CborToken _token;
    private readonly ReadOnlySpan<byte> _content;

    private CborKey(CborToken token, ReadOnlySpan<byte> content)
    {
        _token = token;
        _content = content;
    }

    /// <summary>Reads the key at the start of <paramref name="rest"/>.</summary>
    /// <exception cref="WireException">Malformed: neither an integer nor a string in one piece. TooLarge: a longer string.</exception>
    public static CborKey Read(ReadOnlySpan<byte> rest)
    {
        CborToken token = CborToken.Read(rest);
        return token.Type switch
        {
            CborType.UnsignedInteger or CborType.NegativeInteger => new CborKey(token, []),
            CborType.ByteString or CborType.TextString => new CborKey(token, Content(token, rest[token.HeadLength..])),
            _ => throw WireException.Malformed($"read CBOR: a key is {token.Type}"),
        };
    }

    /// <summary>Whether both are the same value of the same type.</summary>
    public bool IsSameAs(CborKey other) =>
        _token.Major == other._token.Major && _token.Argument == other._token.Argument && _content.SequenceEqual(other._content);

    /// <summary>Equal for equal keys, mostly different for others: saves comparing them.</summary>
    public uint Checksum() => Crc32C.Compute(_content) ^ (uint)_token.Argument;

    private static ReadOnlySpan<byte> Content(CborToken token, ReadOnlySpan<byte> rest)
    {
        if (token.Argument > WireLimits.MaxForeignKeyBytes)
        {
            throw WireException.TooLarge($"read CBOR: a key of {token.Argument} bytes, limit {WireLimits.MaxForeignKeyBytes}");
        }

        return token.Argument <= (ulong)rest.Length
            ? rest[..(int)token.Argument]
            : throw WireException.Malformed($"read CBOR: a key of {token.Argument} bytes, {rest.Length} are left");
    }
}
