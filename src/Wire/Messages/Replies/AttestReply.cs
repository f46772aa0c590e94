namespace Init.Wire;

/// <summary>The NSM's signed document.</summary>
/// <param name="Document">A COSE_Sign1 as the NSM made it.</param>
public sealed record AttestReply(ReadOnlyMemory<byte> Document) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Attest;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteByteString(Document.Span);
    }

    internal static AttestReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("attest reply");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> document = reader.ReadBytes("document", min: 1);
        fields.ReadEnd();
        return new AttestReply(document);
    }
}
