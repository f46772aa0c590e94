using Init.Wire;

namespace Init.Simulator.SoftwareNsm;

/// <summary>A request as the module understands it: its name, and the fields that its map may have.</summary>
internal sealed record NsmRequest
{
    private const int NameBytes = 32;

    public required string Name { get; init; }

    /// <summary>Whether it is <c>{name: {..}}</c> and not the bare name.</summary>
    public required bool HasBody { get; init; }

    public ulong? Index { get; private set; }

    public ulong? Range { get; private set; }

    public byte[]? Data { get; private set; }

    public byte[]? UserData { get; private set; }

    public byte[]? Nonce { get; private set; }

    public byte[]? PublicKey { get; private set; }

    /// <summary>Reads a request; null when it is none.</summary>
    public static NsmRequest? Read(ReadOnlySpan<byte> request)
    {
        try
        {
            CborReader reader = new(request, CborRules.WellFormed);
            if (reader.PeekType() == CborType.TextString)
            {
                return new NsmRequest { Name = reader.ReadText(NameBytes), HasBody = false };
            }

            CborItems entries = reader.ReadMap();
            if (!reader.HasNext(ref entries))
            {
                return null;
            }

            NsmRequest read = new() { Name = reader.ReadText(NameBytes), HasBody = true };
            read.ReadBody(ref reader);
            return reader.HasNext(ref entries) ? null : read;
        }
        catch (WireException)
        {
            return null;
        }
    }

    private void ReadBody(ref CborReader reader)
    {
        CborItems fields = reader.ReadMap();
        while (reader.HasNext(ref fields))
        {
            switch (reader.ReadText(NameBytes))
            {
                case "index":
                    Index = reader.ReadUInt64();
                    break;
                case "range":
                    Range = reader.ReadUInt64();
                    break;
                case "data":
                    Data = reader.ReadByteString().ToArray();
                    break;
                case "user_data":
                    UserData = ReadOptional(ref reader);
                    break;
                case "nonce":
                    Nonce = ReadOptional(ref reader);
                    break;
                case "public_key":
                    PublicKey = ReadOptional(ref reader);
                    break;
                default:
                    reader.Skip(); // as QEMU does
                    break;
            }
        }
    }

    private static byte[]? ReadOptional(ref CborReader reader) => reader.TryReadNull() ? null : reader.ReadByteString().ToArray();
}
