using System.Security.Cryptography;

namespace Init.Sealing;

/// <summary>A recipient's key pair. The private half never leaves this object.</summary>
/// <remarks>Any thread. Disposing erases the private half; what is being decapsulated ends first.</remarks>
public sealed class HpkePrivateKey : IDisposable
{
    private readonly object _lock = new(); // .NET promises nothing about one key on two threads
    private readonly ECDiffieHellman _key;
    private bool _isErased;

    private HpkePrivateKey(HpkeSuite suite, ECDiffieHellman key)
    {
        (Suite, _key) = (suite, key);
        PublicKey = HpkePublicKey.OfKey(suite, key);
        SubjectPublicKeyInfo = PublicKey.ToSubjectPublicKeyInfo();
    }

    /// <summary>The suite it is for.</summary>
    public HpkeSuite Suite { get; }

    /// <summary>The public half.</summary>
    public HpkePublicKey PublicKey { get; }

    /// <summary>The public half as DER (RFC 5480): 120 bytes for P-384.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>Makes a pair. The kernel's generator must have been seeded.</summary>
    /// <exception cref="CryptographicException">OpenSSL's reason.</exception>
    public static HpkePrivateKey Generate(HpkeSuite suite)
    {
        ArgumentNullException.ThrowIfNull(suite);
        return new HpkePrivateKey(suite, ECDiffieHellman.Create(suite.Curve));
    }

    /// <summary>A pair from its scalar: for published vectors.</summary>
    internal static HpkePrivateKey FromScalar(HpkeSuite suite, byte[] scalar) =>
        new(suite, ECDiffieHellman.Create(new ECParameters { Curve = suite.Curve, D = scalar }));

    /// <summary>Erases the private half.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isErased = true;
            _key.Dispose(); // OpenSSL clears it
        }
    }

    /// <summary>DH (RFC 9180 section 4.1).</summary>
    /// <param name="other">A point of the same curve.</param>
    /// <returns>The shared point's x coordinate. The caller clears it.</returns>
    /// <exception cref="SealingException">UnknownKey: erased.</exception>
    internal byte[] Agree(HpkePublicKey other)
    {
        using ECDiffieHellman theirs = other.Import();
        lock (_lock)
        {
            return _isErased
                ? throw new SealingException(SealingError.UnknownKey, "open: the key is erased")
                : _key.DeriveRawSecretAgreement(theirs.PublicKey);
        }
    }
}
