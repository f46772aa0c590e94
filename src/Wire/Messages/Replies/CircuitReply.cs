namespace Init.Wire;

/// <summary>The circuit is stored.</summary>
/// <param name="Sha256">Of the bytecode as it was sent; names it from now on.</param>
/// <param name="AlreadyStored">Whether it had been stored before.</param>
public sealed record CircuitReply(ReadOnlyMemory<byte> Sha256, bool AlreadyStored) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Circuit;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteUInt64(1);
        writer.WriteByteString(Sha256.Span);
        writer.WriteUInt64(2);
        writer.WriteBoolean(AlreadyStored);
    }

    internal static CircuitReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("circuit reply");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> sha256 = reader.ReadBytes("sha256", WireLimits.CircuitDigestBytes, WireLimits.CircuitDigestBytes);
        reader.ReadKey(ref fields, 2);
        bool alreadyStored = reader.ReadBoolean();
        fields.ReadEnd();
        return new CircuitReply(sha256, alreadyStored);
    }
}
