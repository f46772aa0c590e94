namespace Init.Wire;

/// <summary>The bytes that were sent.</summary>
/// <param name="Data">The same bytes.</param>
public sealed record EchoReply(ReadOnlyMemory<byte> Data) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Echo;

    /// <summary>The most that <see cref="EncodeStart"/> writes.</summary>
    public const int MaxStartBytes = 9;

    /// <summary>Writes all of a reply but its data, which must follow.</summary>
    /// <param name="target">At least <see cref="MaxStartBytes"/> bytes.</param>
    /// <param name="dataBytes">How much data follows.</param>
    /// <returns>How many bytes were written.</returns>
    public static int EncodeStart(Span<byte> target, int dataBytes)
    {
        CborWriter writer = new(target);
        ReplyCodec.WriteStart(ref writer, Operation.Echo);
        WriteStart(ref writer, dataBytes);
        return (int)writer.Length;
    }

    internal override ReadOnlyMemory<byte> Tail => Data;

    internal override void WriteResult(ref CborWriter writer)
    {
        WriteResultUpToTail(ref writer);
        writer.WriteEncoded(Data.Span);
    }

    internal override void WriteResultUpToTail(ref CborWriter writer) => WriteStart(ref writer, Data.Length);

    internal static EchoReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("echo reply");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> data = reader.ReadBytes("data");
        fields.ReadEnd();
        return new EchoReply(data);
    }

    private static void WriteStart(ref CborWriter writer, int dataBytes)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteByteStringHeader(dataBytes);
    }
}
