namespace Init.Wire;

/// <summary>Return these bytes.</summary>
/// <param name="Data">Any bytes.</param>
public sealed record EchoRequest(ReadOnlyMemory<byte> Data) : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Echo;

    internal override void WriteArguments(ref CborWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteByteString(Data.Span);
    }

    internal static EchoRequest ReadArguments(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("echo");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> data = reader.ReadBytes("data");
        fields.ReadEnd();
        return new EchoRequest(data);
    }
}
