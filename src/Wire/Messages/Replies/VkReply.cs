namespace Init.Wire;

/// <summary>A verification key.</summary>
/// <param name="Key">bb's file <c>vk</c>.</param>
/// <param name="Hash">bb's file <c>vk_hash</c>.</param>
public sealed record VkReply(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Hash) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Vk;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteUInt64(1);
        writer.WriteByteString(Key.Span);
        writer.WriteUInt64(2);
        writer.WriteByteString(Hash.Span);
    }

    internal static VkReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("vk reply");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> key = reader.ReadBytes("key", min: 1);
        reader.ReadKey(ref fields, 2);
        ReadOnlyMemory<byte> hash = reader.ReadBytes("hash", min: 1);
        fields.ReadEnd();
        return new VkReply(key, hash);
    }
}
