using System.Security.Cryptography;

namespace Init.Sealing;

/// <summary>What both sides of one encapsulated key share: an AEAD key, a counter and a secret to export from (RFC 9180 section 5).</summary>
/// <remarks>One thread at a time. Base mode: the sender is not authenticated.</remarks>
internal sealed class HpkeContext : IDisposable
{
    private const byte BaseMode = 0;

    private readonly HpkeSuite _suite;
    private readonly byte[] _exporterSecret;

    private HpkeContext(HpkeSuite suite, AeadStream aead, byte[] exporterSecret) =>
        (_suite, Aead, _exporterSecret) = (suite, aead, exporterSecret);

    /// <summary>Seal and Open (section 5.2), in order.</summary>
    public AeadStream Aead { get; }

    /// <summary>Encap and the sender's schedule.</summary>
    /// <param name="recipient">Whom it is for.</param>
    /// <param name="ephemeral">Used once.</param>
    /// <param name="info">Bound into the keys.</param>
    /// <exception cref="SealingException">InvalidKey.</exception>
    public static HpkeContext ForSender(HpkePublicKey recipient, HpkePrivateKey ephemeral, ReadOnlySpan<byte> info) =>
        Create(ephemeral, recipient, ephemeral.PublicKey.Point.Span, recipient.Point.Span, info);

    /// <summary>Decap and the recipient's schedule.</summary>
    /// <param name="recipient">Who it is for.</param>
    /// <param name="encapsulated">What the sender's side gave.</param>
    /// <param name="info">Bound into the keys.</param>
    /// <exception cref="SealingException">InvalidKey; UnknownKey: the recipient's is erased.</exception>
    public static HpkeContext ForRecipient(HpkePrivateKey recipient, ReadOnlySpan<byte> encapsulated, ReadOnlySpan<byte> info) =>
        Create(recipient, HpkePublicKey.FromPoint(recipient.Suite, encapsulated), encapsulated, recipient.PublicKey.Point.Span, info);

    /// <summary>Export (section 5.3).</summary>
    /// <param name="context">What the secret is for.</param>
    /// <param name="secret">Receives it.</param>
    public void Export(ReadOnlySpan<byte> context, Span<byte> secret) =>
        LabeledHkdf.Expand(_suite.Hash, _suite.Id, _exporterSecret, "sec"u8, context, secret);

    /// <summary>Erases the secrets.</summary>
    public void Dispose()
    {
        Aead.Dispose();
        CryptographicOperations.ZeroMemory(_exporterSecret);
    }

    // ExtractAndExpand (section 4.1), then KeySchedule (section 5.1) with neither psk nor psk_id.
    private static HpkeContext Create(
        HpkePrivateKey mine, HpkePublicKey theirs, ReadOnlySpan<byte> encapsulated, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> info)
    {
        HpkeSuite suite = mine.Suite;
        Span<byte> shared = stackalloc byte[HpkeSuite.MaxHashBytes];
        shared = shared[..suite.HashBytes];
        Span<byte> agreed = stackalloc byte[HpkeSuite.MaxCoordinateBytes];
        agreed = agreed[..Agree(mine, theirs, agreed)];
        try
        {
            Span<byte> key = stackalloc byte[HpkeSuite.MaxHashBytes];
            key = key[..suite.HashBytes];
            LabeledHkdf.Extract(suite.Hash, suite.KemId, [], "eae_prk"u8, agreed, key);
            LabeledHkdf.Expand(suite.Hash, suite.KemId, key, "shared_secret"u8, [.. encapsulated, .. recipient], shared);
            CryptographicOperations.ZeroMemory(key);
            return Schedule(suite, shared, info);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreed);
            CryptographicOperations.ZeroMemory(shared);
        }
    }

    // Off the heap at once: a collection while keys are derived from it would move it and leave a copy behind.
    private static int Agree(HpkePrivateKey mine, HpkePublicKey theirs, Span<byte> agreed)
    {
        byte[] onHeap = mine.Agree(theirs);
        onHeap.CopyTo(agreed);
        CryptographicOperations.ZeroMemory(onHeap);
        return onHeap.Length;
    }

    private static HpkeContext Schedule(HpkeSuite suite, ReadOnlySpan<byte> shared, ReadOnlySpan<byte> info)
    {
        byte[] context = new byte[1 + (2 * suite.HashBytes)];
        context[0] = BaseMode;
        LabeledHkdf.Extract(suite.Hash, suite.Id, [], "psk_id_hash"u8, [], context.AsSpan(1, suite.HashBytes));
        LabeledHkdf.Extract(suite.Hash, suite.Id, [], "info_hash"u8, info, context.AsSpan(1 + suite.HashBytes));

        Span<byte> secret = stackalloc byte[HpkeSuite.MaxHashBytes];
        secret = secret[..suite.HashBytes];
        Span<byte> key = stackalloc byte[suite.KeyBytes];
        Span<byte> nonce = stackalloc byte[HpkeSuite.NonceBytes];
        byte[] exporter = GC.AllocateArray<byte>(suite.HashBytes, pinned: true); // the collector would leave a copy where it moves it from
        LabeledHkdf.Extract(suite.Hash, suite.Id, shared, "secret"u8, [], secret);
        LabeledHkdf.Expand(suite.Hash, suite.Id, secret, "key"u8, context, key);
        LabeledHkdf.Expand(suite.Hash, suite.Id, secret, "base_nonce"u8, context, nonce);
        LabeledHkdf.Expand(suite.Hash, suite.Id, secret, "exp"u8, context, exporter);
        HpkeContext made = new(suite, new AeadStream(key, nonce), exporter);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(key);
        return made;
    }
}
