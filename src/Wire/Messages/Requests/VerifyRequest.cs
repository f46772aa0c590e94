namespace Init.Wire;

/// <summary>Does this proof verify?</summary>
/// <param name="Key">bb's file <c>vk</c>. Not empty.</param>
/// <param name="Proof">bb's file <c>proof</c>. Not empty.</param>
/// <param name="PublicInputs">bb's file <c>public_inputs</c>.</param>
/// <param name="Settings">Those it was made with.</param>
public sealed record VerifyRequest(
    ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Proof, ReadOnlyMemory<byte> PublicInputs, ProveSettings Settings) : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Verify;

    internal override void WriteArguments(ref CborWriter writer)
    {
        writer.WriteMapHeader(4);
        writer.WriteUInt64(1);
        writer.WriteByteString(Key.Span);
        writer.WriteUInt64(2);
        writer.WriteByteString(Proof.Span);
        writer.WriteUInt64(3);
        writer.WriteByteString(PublicInputs.Span);
        writer.WriteUInt64(4);
        Settings.Write(ref writer);
    }

    internal static VerifyRequest ReadArguments(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("verify");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> key = reader.ReadBytes("key", min: 1);
        reader.ReadKey(ref fields, 2);
        ReadOnlyMemory<byte> proof = reader.ReadBytes("proof", min: 1);
        reader.ReadKey(ref fields, 3);
        ReadOnlyMemory<byte> publicInputs = reader.ReadBytes("public_inputs");
        reader.ReadKey(ref fields, 4);
        ProveSettings settings = ProveSettings.Read(ref reader);
        fields.ReadEnd();
        return new VerifyRequest(key, proof, publicInputs, settings);
    }
}
