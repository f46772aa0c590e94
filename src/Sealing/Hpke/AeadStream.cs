using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Init.Sealing;

/// <summary>AES-GCM under one key with a counter for a nonce: the n-th box opens as the n-th and as no other (RFC 9180 section 5.2).</summary>
/// <remarks>One thread at a time, and one direction: it seals or it opens. The counter of 64 bits does not come to its end.</remarks>
internal sealed class AeadStream : IDisposable
{
    private readonly AesGcm _gcm;
    private readonly byte[] _baseNonce;
    private ulong _sequence;

    /// <summary>Takes copies.</summary>
    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="baseNonce"><see cref="HpkeSuite.NonceBytes"/>.</param>
    public AeadStream(ReadOnlySpan<byte> key, ReadOnlySpan<byte> baseNonce)
    {
        _gcm = new AesGcm(key, HpkeSuite.TagBytes);
        _baseNonce = baseNonce.ToArray();
    }

    /// <summary>Seals the next box.</summary>
    /// <param name="plain">What is sealed.</param>
    /// <param name="associated">What is bound to it.</param>
    /// <param name="box">Receives the ciphertext and, behind it, the tag. May begin where <paramref name="plain"/> does.</param>
    public void Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated, Span<byte> box)
    {
        Span<byte> nonce = stackalloc byte[HpkeSuite.NonceBytes];
        Nonce(nonce);
        _gcm.Encrypt(nonce, plain, box[..plain.Length], box[plain.Length..], associated);
        _sequence = checked(_sequence + 1);
    }

    /// <summary>Opens the next box.</summary>
    /// <param name="box">Ciphertext and tag.</param>
    /// <param name="associated">What is bound to it.</param>
    /// <param name="plain">Receives the plaintext, 16 bytes less. May begin where <paramref name="box"/> does.</param>
    /// <exception cref="SealingException">NotAuthentic: another key, place or content. The counter stays where it is.</exception>
    public void Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> associated, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[HpkeSuite.NonceBytes];
        Nonce(nonce);
        try
        {
            _gcm.Decrypt(nonce, box[..^HpkeSuite.TagBytes], box[^HpkeSuite.TagBytes..], plain, associated);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new SealingException(SealingError.NotAuthentic, $"open: box {_sequence} is not authentic", exception);
        }

        _sequence = checked(_sequence + 1);
    }

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        _gcm.Dispose();
        CryptographicOperations.ZeroMemory(_baseNonce);
    }

    // ComputeNonce: the counter, big-endian and as long as the nonce, XOR the base.
    private void Nonce(Span<byte> nonce)
    {
        _baseNonce.CopyTo(nonce);
        Span<byte> low = nonce[^sizeof(ulong)..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ _sequence);
    }
}
