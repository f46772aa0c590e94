using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Init.Sealing;

/// <summary>LabeledExtract and LabeledExpand, RFC 9180 section 4.</summary>
internal static class LabeledHkdf
{
    private const int MaxStackBytes = 256;

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    /// <summary>LabeledExtract.</summary>
    /// <param name="hash">HKDF's hash.</param>
    /// <param name="suiteId">Whose label it is.</param>
    /// <param name="salt">May be empty.</param>
    /// <param name="label">ASCII.</param>
    /// <param name="material">Input keying material; may be empty, may be secret.</param>
    /// <param name="key">Receives the pseudorandom key; as long as the hash.</param>
    public static void Extract(
        HashAlgorithmName hash, ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> material, Span<byte> key)
    {
        // Not on the collector's heap, which moves what it holds, and not by a collection expression, which grows a list and leaves its old arrays.
        int length = Version.Length + suiteId.Length + label.Length + material.Length;
        Span<byte> labeled = length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[length]; // a long one is public: a caller's info
        labeled = labeled[..length];
        try
        {
            Version.CopyTo(labeled);
            suiteId.CopyTo(labeled[Version.Length..]);
            label.CopyTo(labeled[(Version.Length + suiteId.Length)..]);
            material.CopyTo(labeled[^material.Length..]);
            HKDF.Extract(hash, labeled, salt, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(labeled);
        }
    }

    /// <summary>LabeledExpand.</summary>
    /// <param name="hash">HKDF's hash.</param>
    /// <param name="suiteId">Whose label it is.</param>
    /// <param name="key">The pseudorandom key.</param>
    /// <param name="label">ASCII.</param>
    /// <param name="info">Bound into the output; public.</param>
    /// <param name="output">Receives as much as it is long.</param>
    public static void Expand(
        HashAlgorithmName hash, ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)output.Length));
        byte[] labeled = [.. length, .. Version, .. suiteId, .. label, .. info];
        HKDF.Expand(hash, key, output, labeled);
    }
}
