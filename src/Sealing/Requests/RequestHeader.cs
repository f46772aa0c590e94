using System.Buffers.Binary;
using Init.Wire;

namespace Init.Sealing;

/// <summary>What of a sealed request is not secret, and is bound to it: changed on its way, the request does not open.</summary>
/// <param name="KeyId">The enclave's key, by <see cref="KeyRing.IdOf"/>.</param>
/// <param name="Operation">What the sealed request asks for.</param>
/// <param name="AssociatedData">The caller's own; at most 512 bytes.</param>
public readonly record struct RequestHeader(ReadOnlyMemory<byte> KeyId, Operation Operation, ReadOnlyMemory<byte> AssociatedData)
{
    private static ReadOnlySpan<byte> Label => "init sealed request v1"u8;

    /// <summary>HPKE's <c>info</c>: label, key id (32 bytes), operation (1 byte), length (2 bytes, big-endian) and bytes of the associated data.</summary>
    internal byte[] ToInfo()
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)AssociatedData.Length));
        return [.. Label, .. KeyId.Span, (byte)Operation, .. length, .. AssociatedData.Span];
    }
}
