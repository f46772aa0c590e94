using Init.Wire;

namespace Init.Nsm;

/// <summary>Encodes requests. Integers are as short as can be (QEMU takes an index of one byte only); keys are in AWS's order.</summary>
internal static class NsmRequests
{
    public static byte[] DescribeNsm() => Name(NsmCommand.DescribeNsm);

    public static byte[] GetRandom() => Name(NsmCommand.GetRandom);

    public static byte[] DescribePcr(int index) => Number(NsmCommand.DescribePcr, "index", index, NsmLimits.Pcrs - 1);

    public static byte[] LockPcr(int index) => Number(NsmCommand.LockPcr, "index", index, NsmLimits.Pcrs - 1);

    public static byte[] LockPcrs(int range) => Number(NsmCommand.LockPcrs, "range", range, NsmLimits.Pcrs);

    public static byte[] ExtendPcr(int index, ReadOnlyMemory<byte> data)
    {
        RequireRange(NsmCommand.ExtendPcr, "index", index, NsmLimits.Pcrs - 1);
        byte[] request = CborWriter.ToArray((ref CborWriter writer) =>
        {
            WriteBodyHeader(ref writer, NsmCommand.ExtendPcr, fields: 2);
            writer.WriteText("index");
            writer.WriteInt64(index);
            writer.WriteText("data");
            writer.WriteByteString(data.Span);
        });
        RequireLength(NsmCommand.ExtendPcr, "request", request.Length, NsmLimits.RequestBytes);
        return request;
    }

    public static byte[] Attestation(AttestationFields fields)
    {
        const NsmCommand Command = NsmCommand.Attestation;
        RequireLength(Command, "user_data", fields.UserData.Length, NsmLimits.UserDataBytes);
        RequireLength(Command, "nonce", fields.Nonce.Length, NsmLimits.NonceBytes);
        RequireLength(Command, "public_key", fields.PublicKey.Length, NsmLimits.PublicKeyBytes);
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            WriteBodyHeader(ref writer, Command, fields: 3);
            WriteField(ref writer, "user_data", fields.UserData);
            WriteField(ref writer, "nonce", fields.Nonce);
            WriteField(ref writer, "public_key", fields.PublicKey);
        });
    }

    private static byte[] Name(NsmCommand command) =>
        CborWriter.ToArray((ref CborWriter writer) => writer.WriteText(NsmNames.Of(command)));

    private static byte[] Number(NsmCommand command, string key, int value, int maximum)
    {
        RequireRange(command, key, value, maximum);
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            WriteBodyHeader(ref writer, command, fields: 1);
            writer.WriteText(key);
            writer.WriteInt64(value);
        });
    }

    private static void WriteBodyHeader(ref CborWriter writer, NsmCommand command, int fields)
    {
        writer.WriteMapHeader(1);
        writer.WriteText(NsmNames.Of(command));
        writer.WriteMapHeader(fields);
    }

    private static void WriteField(ref CborWriter writer, string key, ReadOnlyMemory<byte> value)
    {
        writer.WriteText(key);
        if (value.IsEmpty)
        {
            writer.WriteNull();
        }
        else
        {
            writer.WriteByteString(value.Span);
        }
    }

    private static void RequireRange(NsmCommand command, string field, int value, int maximum)
    {
        if (value < 0 || value > maximum)
        {
            throw new NsmException(NsmError.OutOfRange, $"{command}: {field} {value}: 0 to {maximum}");
        }
    }

    private static void RequireLength(NsmCommand command, string field, int lengthBytes, int maximum)
    {
        if (lengthBytes > maximum)
        {
            throw new NsmException(NsmError.OutOfRange, $"{command}: {field}: {lengthBytes} bytes, limit {maximum}");
        }
    }
}
