namespace Init.Wire;

/// <summary>A request that only the enclave can read (docs/sealing.md). Its deadline stands inside; here it is 0.</summary>
public sealed record SealedRequest : Request
{
    /// <summary>Which of the enclave's keys it is sealed to, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> KeyId { get; init; }

    /// <summary>What the request inside asks for; one that <see cref="IsSealable"/>.</summary>
    public required Operation SealedOperation { get; init; }

    /// <summary>HPKE's encapsulated key, 97 bytes.</summary>
    public required ReadOnlyMemory<byte> Encapsulated { get; init; }

    /// <summary>The caller's own, bound and not secret, at most 512 bytes; none when empty.</summary>
    public ReadOnlyMemory<byte> AssociatedData { get; init; }

    /// <summary>The sealed request. These are the message's last bytes.</summary>
    public required ReadOnlyMemory<byte> Boxes { get; init; }

    /// <inheritdoc/>
    public override Operation Operation => Operation.Sealed;

    /// <summary>Whether requests of an operation can have secrets: what clients seal, and what an enclave may insist on.</summary>
    public static bool MayHaveSecrets(Operation operation) =>
        operation is Operation.Circuit or Operation.Prove or Operation.Verify or Operation.Vk;

    /// <summary>Whether requests of an operation may be sealed: those that can have secrets, and echo.</summary>
    public static bool IsSealable(Operation operation) => MayHaveSecrets(operation) || operation == Operation.Echo;

    internal override void WriteArguments(ref CborWriter writer)
    {
        WriteArgumentsHead(ref writer, Boxes.Length);
        writer.WriteEncoded(Boxes.Span);
    }

    /// <summary>Writes all but the boxes, which follow.</summary>
    internal void WriteArgumentsHead(ref CborWriter writer, int boxesBytes)
    {
        writer.WriteMapHeader(AssociatedData.IsEmpty ? 4 : 5);
        writer.WriteUInt64(1);
        writer.WriteByteString(KeyId.Span);
        writer.WriteUInt64(2);
        writer.WriteUInt64((ulong)SealedOperation);
        writer.WriteUInt64(3);
        writer.WriteByteString(Encapsulated.Span);
        if (!AssociatedData.IsEmpty)
        {
            writer.WriteUInt64(4);
            writer.WriteByteString(AssociatedData.Span);
        }

        writer.WriteUInt64(5);
        writer.WriteByteStringHeader(boxesBytes);
    }

    internal static SealedRequest ReadArguments(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("sealed");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> keyId = reader.ReadBytes("key_id", WireLimits.KeyIdBytes, WireLimits.KeyIdBytes);
        reader.ReadKey(ref fields, 2);
        Operation operation = (Operation)reader.ReadEnum((byte)Operation.Hello, (byte)Operation.Sealed, "sealed_operation");
        if (!IsSealable(operation))
        {
            throw WireException.Malformed($"read sealed_operation: {operation} is never sealed");
        }

        reader.ReadKey(ref fields, 3);
        ReadOnlyMemory<byte> encapsulated = reader.ReadBytes("encapsulated", WireLimits.EncapsulatedKeyBytes, WireLimits.EncapsulatedKeyBytes);
        ReadOnlyMemory<byte> associatedData = reader.TryReadKey(ref fields, 4)
            ? reader.ReadBytes("associated_data", min: 1, WireLimits.MaxAssociatedDataBytes) : default;
        reader.ReadKey(ref fields, 5);
        ReadOnlyMemory<byte> boxes = reader.ReadBytes("boxes", WireLimits.MinBoxBytes);
        fields.ReadEnd();
        return new SealedRequest
        {
            KeyId = keyId,
            SealedOperation = operation,
            Encapsulated = encapsulated,
            AssociatedData = associatedData,
            Boxes = boxes,
        };
    }
}
