namespace Init.Wire;

/// <summary>Return these bytes.</summary>
/// <param name="Data">Any bytes.</param>
public sealed record EchoRequest(ReadOnlyMemory<byte> Data) : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Echo;

    /// <summary>
    /// Whether a message is an echo that ends with its one byte string, so that decoding it takes no longer for being long. Says nothing of the
    /// rest of it; never throws.
    /// </summary>
    public static bool IsFlat(ReadOnlySpan<byte> message)
    {
        const int FixedBytes = 2; // an array of three, and the operation
        if (message.Length <= FixedBytes || message[1] != (byte)Operation.Echo || !TrySkipHead(message[FixedBytes..], out ReadOnlySpan<byte> map, out _))
        {
            return false;
        }

        return map is [0xa1, 1, ..]
            && (CborMajor)(map.Length > 2 ? map[2] >> 5 : 0) == CborMajor.ByteString
            && TrySkipHead(map[2..], out ReadOnlySpan<byte> data, out ulong length)
            && length == (ulong)data.Length;
    }

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

    private static bool TrySkipHead(ReadOnlySpan<byte> item, out ReadOnlySpan<byte> rest, out ulong argument)
    {
        rest = default;
        argument = 0;
        int info = item.IsEmpty ? 31 : item[0] & 0x1f;
        int argumentBytes = info < 24 ? 0 : 1 << (info - 24);
        if (info > 27 || item.Length <= argumentBytes)
        {
            return false;
        }

        argument = info < 24 ? (ulong)info : 0;
        foreach (byte b in item.Slice(1, argumentBytes))
        {
            argument = (argument << 8) | b;
        }

        rest = item[(1 + argumentBytes)..];
        return true;
    }
}
