namespace Init.Wire;

/// <summary>The answer to a sealed request, which only its caller can read (docs/sealing.md).</summary>
/// <param name="Kind">What is inside: Reply or Error.</param>
/// <param name="Nonce">32 bytes that the answer's key is made from.</param>
/// <param name="Boxes">The sealed answer. These are the message's last bytes.</param>
public sealed record SealedReply(FrameKind Kind, ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Boxes) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Sealed;

    internal override void WriteResult(ref CborWriter writer)
    {
        WriteResultHead(ref writer, Kind, Nonce.Span, Boxes.Length);
        writer.WriteEncoded(Boxes.Span);
    }

    /// <summary>Writes all but the boxes, which follow.</summary>
    internal static void WriteResultHead(ref CborWriter writer, FrameKind kind, ReadOnlySpan<byte> nonce, int boxesBytes)
    {
        writer.WriteMapHeader(3);
        writer.WriteUInt64(1);
        writer.WriteUInt64((ulong)kind);
        writer.WriteUInt64(2);
        writer.WriteByteString(nonce);
        writer.WriteUInt64(3);
        writer.WriteByteStringHeader(boxesBytes);
    }

    internal static SealedReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("sealed reply");
        reader.ReadKey(ref fields, 1);
        FrameKind kind = (FrameKind)reader.ReadEnum((byte)FrameKind.Reply, (byte)FrameKind.Error, "kind");
        if (kind == FrameKind.Progress)
        {
            throw WireException.Malformed("read kind: progress is no answer");
        }

        reader.ReadKey(ref fields, 2);
        ReadOnlyMemory<byte> nonce = reader.ReadBytes("nonce", WireLimits.AnswerNonceBytes, WireLimits.AnswerNonceBytes);
        reader.ReadKey(ref fields, 3);
        ReadOnlyMemory<byte> boxes = reader.ReadBytes("boxes", WireLimits.MinBoxBytes);
        fields.ReadEnd();
        return new SealedReply(kind, nonce, boxes);
    }
}
