namespace Init.Wire;

/// <summary>What stands before a frame's payload: <c>[id, kind, more, payload]</c> up to the payload's first byte.</summary>
internal readonly record struct FrameEnvelope(ulong Id, FrameKind Kind, bool More, ulong PayloadBytes)
{
    private const int Elements = 4;

    /// <summary>Its encoding's length, of which there is only one.</summary>
    public int LengthBytes => CborToken.HeadBytes(Elements) + CborToken.HeadBytes(Id) + 2 + CborToken.HeadBytes(PayloadBytes);

    /// <summary>Reads it from the first bytes of a body.</summary>
    /// <exception cref="WireException">Malformed.</exception>
    public static FrameEnvelope Read(ReadOnlySpan<byte> start)
    {
        if (Take(ref start, CborMajor.Array) != Elements)
        {
            throw WireException.Malformed($"read frame: the body is not an array of {Elements}");
        }

        FrameEnvelope envelope = new(
            Take(ref start, CborMajor.UnsignedInteger),
            ReadKind(Take(ref start, CborMajor.UnsignedInteger)),
            ReadMore(Take(ref start, CborMajor.Simple)),
            Take(ref start, CborMajor.ByteString));
        envelope.Check(WireError.Malformed);
        return envelope;
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="WireException">InvalidValue: a reader would refuse it.</exception>
    public void Write(Span<byte> target)
    {
        Check(WireError.InvalidValue);
        CborWriter writer = new(target[..LengthBytes]);
        writer.WriteArrayHeader(Elements);
        writer.WriteUInt64(Id);
        writer.WriteUInt64((ulong)Kind);
        writer.WriteBoolean(More);
        writer.WriteByteStringHeader((int)PayloadBytes);
    }

    // An empty payload is refused so that every frame brings its message further.
    private void Check(WireError error)
    {
        if (PayloadBytes == 0)
        {
            throw new WireException(error, "frame: empty payload");
        }

        if (Id == 0 && Kind != FrameKind.Error)
        {
            throw new WireException(error, "frame: id 0 is the connection's, for errors only");
        }
    }

    private static ulong Take(ref ReadOnlySpan<byte> rest, CborMajor expected)
    {
        CborToken token = CborToken.Read(rest);
        if (token.Major != expected || !token.IsShortest)
        {
            throw WireException.Malformed($"read frame: expected {expected} in its shortest form in the envelope");
        }

        rest = rest[token.HeadLength..];
        return token.Argument;
    }

    private static FrameKind ReadKind(ulong kind) => kind <= (ulong)FrameKind.Error
        ? (FrameKind)kind
        : throw WireException.Malformed($"read frame: unknown kind {kind}");

    private static bool ReadMore(ulong simple) => simple switch
    {
        CborToken.False => false,
        CborToken.True => true,
        _ => throw WireException.Malformed("read frame: more is not a boolean"),
    };
}
