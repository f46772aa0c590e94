using System.Security.Cryptography;
using Init.Wire;

namespace Init.Sealing;

/// <summary>What seals the answers of one request: exported from its context, so that only its caller reads them.</summary>
/// <remarks>
/// Each answer (a reply, an error, a progress event) has a key of its own, from the secret and a random nonce, as RFC 9458 section 4.4 has it:
/// a nonce is not reused even if one request were answered twice.
/// </remarks>
internal sealed class AnswerSecret : IDisposable
{
    /// <summary>Bytes of an answer's nonce.</summary>
    public const int NonceBytes = 32;

    private readonly HpkeSuite _suite;
    private readonly byte[] _encapsulated;
    private readonly byte[] _secret;
    private bool _isErased;

    /// <summary>Exports the secret.</summary>
    public AnswerSecret(HpkeSuite suite, HpkeContext context, ReadOnlySpan<byte> encapsulated)
    {
        // It lives as long as its request, which is long for a proof: the collector must not move it and leave a copy.
        (_suite, _encapsulated, _secret) = (suite, encapsulated.ToArray(), GC.AllocateArray<byte>(suite.HashBytes, pinned: true));
        context.Export("init sealed answer v1"u8, _secret);
    }

    /// <summary>Seals an answer.</summary>
    /// <param name="kind">Reply, Error or Progress.</param>
    /// <param name="message">At least one byte.</param>
    /// <param name="nonce">Receives <see cref="NonceBytes"/>.</param>
    /// <param name="output">Receives <see cref="SealedLayout.SealedBytes"/>.</param>
    public void Seal(FrameKind kind, ReadOnlySpan<byte> message, Span<byte> nonce, Span<byte> output)
    {
        RandomNumberGenerator.Fill(nonce);
        using AeadStream aead = Derive(nonce);
        SealedLayout.Seal(aead, (byte)kind, message, isLast: true, output);
    }

    /// <summary>Opens an answer in its own memory.</summary>
    /// <param name="kind">What it is said to be.</param>
    /// <param name="nonce">As it came with the answer.</param>
    /// <param name="message">The boxes; then the plaintext.</param>
    /// <returns>Bytes of plaintext.</returns>
    /// <exception cref="SealingException">InvalidLength, NotAuthentic.</exception>
    public int Open(FrameKind kind, ReadOnlySpan<byte> nonce, Span<byte> message)
    {
        using AeadStream aead = Derive(nonce);
        return SealedLayout.Open(aead, (byte)kind, message);
    }

    /// <summary>Erases the secret.</summary>
    public void Dispose()
    {
        _isErased = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    private AeadStream Derive(ReadOnlySpan<byte> nonce)
    {
        ObjectDisposedException.ThrowIf(_isErased, this); // zeros are a key that everybody has
        Span<byte> extracted = stackalloc byte[HpkeSuite.MaxHashBytes];
        extracted = extracted[.._suite.HashBytes];
        Span<byte> key = stackalloc byte[_suite.KeyBytes];
        Span<byte> baseNonce = stackalloc byte[HpkeSuite.NonceBytes];
        HKDF.Extract(_suite.Hash, _secret, [.. _encapsulated, .. nonce], extracted);
        HKDF.Expand(_suite.Hash, extracted, key, "key"u8);
        HKDF.Expand(_suite.Hash, extracted, baseNonce, "nonce"u8);
        AeadStream aead = new(key, baseNonce);
        CryptographicOperations.ZeroMemory(extracted);
        CryptographicOperations.ZeroMemory(key);
        return aead;
    }
}
