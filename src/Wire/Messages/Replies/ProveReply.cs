namespace Init.Wire;

/// <summary>A proof, verified unless that was to be skipped.</summary>
/// <param name="Proof">bb's file <c>proof</c>.</param>
/// <param name="PublicInputs">bb's file <c>public_inputs</c>.</param>
/// <param name="Key">bb's file <c>vk</c>.</param>
/// <param name="KeyHash">bb's file <c>vk_hash</c>; none when empty, as where the request named the key.</param>
/// <param name="QueueMs">How long the request waited for a prover.</param>
/// <param name="ProveMs">How long the prover worked.</param>
public sealed record ProveReply(
    ReadOnlyMemory<byte> Proof, ReadOnlyMemory<byte> PublicInputs, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> KeyHash, ulong QueueMs, ulong ProveMs) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Prove;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(KeyHash.IsEmpty ? 5 : 6);
        writer.WriteUInt64(1);
        writer.WriteByteString(Proof.Span);
        writer.WriteUInt64(2);
        writer.WriteByteString(PublicInputs.Span);
        writer.WriteUInt64(3);
        writer.WriteByteString(Key.Span);
        if (!KeyHash.IsEmpty)
        {
            writer.WriteUInt64(4);
            writer.WriteByteString(KeyHash.Span);
        }

        writer.WriteUInt64(5);
        writer.WriteUInt64(QueueMs);
        writer.WriteUInt64(6);
        writer.WriteUInt64(ProveMs);
    }

    internal static ProveReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("prove reply");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> proof = reader.ReadBytes("proof", min: 1);
        reader.ReadKey(ref fields, 2);
        ReadOnlyMemory<byte> publicInputs = reader.ReadBytes("public_inputs");
        reader.ReadKey(ref fields, 3);
        ReadOnlyMemory<byte> key = reader.ReadBytes("key", min: 1);
        ReadOnlyMemory<byte> keyHash = reader.TryReadKey(ref fields, 4) ? reader.ReadBytes("key_hash", min: 1) : default;
        reader.ReadKey(ref fields, 5);
        ulong queueMs = reader.ReadUInt64();
        reader.ReadKey(ref fields, 6);
        ulong proveMs = reader.ReadUInt64();
        fields.ReadEnd();
        return new ProveReply(proof, publicInputs, key, keyHash, queueMs, proveMs);
    }
}
