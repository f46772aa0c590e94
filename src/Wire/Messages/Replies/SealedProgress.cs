namespace Init.Wire;

/// <summary>A sealed request's progress event, which only its caller can read (docs/sealing.md).</summary>
/// <param name="Nonce">32 bytes that the event's key is made from.</param>
/// <param name="Boxes">The sealed <see cref="ProgressEvent"/>.</param>
public sealed record SealedProgress(ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Boxes)
{
    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteUInt64(1);
        writer.WriteByteString(Nonce.Span);
        writer.WriteUInt64(2);
        writer.WriteByteString(Boxes.Span);
    }

    internal static SealedProgress Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("sealed progress");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> nonce = reader.ReadBytes("nonce", WireLimits.AnswerNonceBytes, WireLimits.AnswerNonceBytes);
        reader.ReadKey(ref fields, 2);
        ReadOnlyMemory<byte> boxes = reader.ReadBytes("boxes", WireLimits.MinBoxBytes);
        fields.ReadEnd();
        return new SealedProgress(nonce, boxes);
    }
}
