namespace Init.Wire;

/// <summary>What the enclave says of itself in the <c>user_data</c> of its attestation documents, beside what a caller asked to have there.</summary>
/// <remarks>The enclave alone writes it: a caller's bytes have a field of their own, so that no caller can have another statement signed.</remarks>
public sealed record EnclaveStatement
{
    /// <summary>The newest version of the protocol that it speaks.</summary>
    public required uint ProtocolVersion { get; init; }

    /// <summary>The server's name.</summary>
    public required string Server { get; init; }

    /// <summary>Its version.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>Barretenberg's version.</summary>
    public required string ProverVersion { get; init; }

    /// <summary><c>ignition</c>, or the insecure development SRS's label.</summary>
    public required string SrsKind { get; init; }

    /// <summary>What the request for this document had as user_data; none when empty.</summary>
    public ReadOnlyMemory<byte> UserData { get; init; }

    /// <summary>Reads a statement, whose byte strings stay slices of <paramref name="userData"/>.</summary>
    /// <exception cref="WireException">Malformed. TooLarge.</exception>
    public static EnclaveStatement Decode(ReadOnlyMemory<byte> userData)
    {
        MessageReader reader = new(userData);
        MapFields fields = reader.ReadFields("statement");
        reader.ReadKey(ref fields, 1);
        uint protocolVersion = reader.ReadUInt32();
        reader.ReadKey(ref fields, 2);
        string server = reader.ReadText(WireLimits.MaxStatementNameBytes);
        reader.ReadKey(ref fields, 3);
        string serverVersion = reader.ReadText(WireLimits.MaxStatementNameBytes);
        reader.ReadKey(ref fields, 4);
        string proverVersion = reader.ReadText(WireLimits.MaxStatementNameBytes);
        reader.ReadKey(ref fields, 5);
        string srsKind = reader.ReadText(WireLimits.MaxStatementNameBytes);
        ReadOnlyMemory<byte> data = reader.TryReadKey(ref fields, 6)
            ? reader.ReadBytes("user_data", min: 1, WireLimits.MaxUserDataBytes) : default;
        fields.ReadEnd();
        reader.ReadEnd();
        return new EnclaveStatement
        {
            ProtocolVersion = protocolVersion,
            Server = server,
            ServerVersion = serverVersion,
            ProverVersion = proverVersion,
            SrsKind = srsKind,
            UserData = data,
        };
    }

    /// <summary>Writes it: at most the 512 bytes that the NSM takes, if names and data keep to their limits.</summary>
    /// <exception cref="WireException">InvalidValue: text that is not Unicode.</exception>
    public byte[] Encode() => CborWriter.ToArray(Write);

    private void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(UserData.IsEmpty ? 5 : 6);
        writer.WriteUInt64(1);
        writer.WriteUInt64(ProtocolVersion);
        writer.WriteUInt64(2);
        writer.WriteText(Server);
        writer.WriteUInt64(3);
        writer.WriteText(ServerVersion);
        writer.WriteUInt64(4);
        writer.WriteText(ProverVersion);
        writer.WriteUInt64(5);
        writer.WriteText(SrsKind);
        if (!UserData.IsEmpty)
        {
            writer.WriteUInt64(6);
            writer.WriteByteString(UserData.Span);
        }
    }
}
