namespace Init.Wire;

/// <summary>An attestation document over these.</summary>
/// <param name="Nonce">At most 512 bytes; none when empty.</param>
/// <param name="UserData">At most 512 bytes; none when empty.</param>
public sealed record AttestRequest(ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> UserData) : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Attest;

    internal override void WriteArguments(ref CborWriter writer)
    {
        writer.WriteMapHeader((Nonce.IsEmpty ? 0 : 1) + (UserData.IsEmpty ? 0 : 1));
        if (!Nonce.IsEmpty)
        {
            writer.WriteUInt64(1);
            writer.WriteByteString(Nonce.Span);
        }

        if (!UserData.IsEmpty)
        {
            writer.WriteUInt64(2);
            writer.WriteByteString(UserData.Span);
        }
    }

    internal static AttestRequest ReadArguments(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("attest");
        ReadOnlyMemory<byte> nonce = reader.TryReadKey(ref fields, 1)
            ? reader.ReadBytes("nonce", min: 1, WireLimits.MaxNonceBytes) : default;
        ReadOnlyMemory<byte> userData = reader.TryReadKey(ref fields, 2)
            ? reader.ReadBytes("user_data", min: 1, WireLimits.MaxUserDataBytes) : default;
        fields.ReadEnd();
        return new AttestRequest(nonce, userData);
    }
}
