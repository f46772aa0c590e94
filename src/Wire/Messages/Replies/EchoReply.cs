namespace Init.Wire;

/// <summary>The bytes that were sent.</summary>
/// <param name="Data">The same bytes.</param>
public sealed record EchoReply(ReadOnlyMemory<byte> Data) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Echo;

    internal override ReadOnlyMemory<byte> Tail => Data;

    internal override void WriteResult(ref CborWriter writer)
    {
        WriteResultUpToTail(ref writer);
        writer.WriteEncoded(Data.Span);
    }

    internal override void WriteResultUpToTail(ref CborWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteByteStringHeader(Data.Length);
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
