namespace Init.Wire;

/// <summary>Return these bytes.</summary>
/// <param name="Data">Any bytes.</param>
public sealed record EchoRequest(ReadOnlyMemory<byte> Data) : Request
{
    private const byte ArrayOfThree = 0x83;
    private const byte MapOfOne = 0xa1;
    private const byte DataKey = 1;
    private const int FixedBytes = 2; // the array, and the operation

    /// <inheritdoc/>
    public override Operation Operation => Operation.Echo;

    /// <summary>
    /// Finds the bytes that a message asks for without decoding it: by comparing it with the one form that such a request can have. What
    /// <see cref="RequestCodec.Decode"/> would refuse is not found; never throws.
    /// </summary>
    public static bool TryFindData(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> data)
    {
        data = default;
        return message is [ArrayOfThree, (byte)Operation.Echo, ..]
            && TrySkipHead(message[FixedBytes..], CborMajor.UnsignedInteger, out ReadOnlySpan<byte> map, out ulong deadlineMs)
            && deadlineMs <= WireLimits.MaxDeadlineOf(Operation.Echo)
            && map is [MapOfOne, DataKey, ..]
            && TrySkipHead(map[2..], CborMajor.ByteString, out data, out ulong length)
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

    // Skips a head that could not have been shorter.
    private static bool TrySkipHead(ReadOnlySpan<byte> item, CborMajor major, out ReadOnlySpan<byte> rest, out ulong argument)
    {
        rest = default;
        argument = 0;
        int info = item.IsEmpty ? 31 : item[0] & 0x1f;
        int argumentBytes = info < 24 ? 0 : 1 << (info - 24);
        if (info > 27 || item.Length <= argumentBytes || item[0] >> 5 != (int)major)
        {
            return false;
        }

        argument = info < 24 ? (ulong)info : 0;
        foreach (byte b in item.Slice(1, argumentBytes))
        {
            argument = (argument << 8) | b;
        }

        rest = item[(1 + argumentBytes)..];
        return CborToken.HeadBytes(argument) == 1 + argumentBytes;
    }
}
