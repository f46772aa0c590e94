namespace Init.Wire;

/// <summary>The bytes that were sent.</summary>
/// <param name="Data">The same bytes.</param>
public sealed record EchoReply(ReadOnlyMemory<byte> Data) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Echo;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteByteString(Data.Span);
    }

    internal static EchoReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("echo reply");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> data = reader.ReadBytes("data");
        fields.ReadEnd();
        return new EchoReply(data);
    }
}
