using System.Security.Cryptography;

namespace Init.Keys;

/// <summary>The enclave's own key pair of this boot: P-384, for key agreement. The private half never leaves this object.</summary>
internal sealed class EnclaveKey : IDisposable
{
    private readonly ECDiffieHellman _key;

    private EnclaveKey(ECDiffieHellman key) => (_key, PublicKey) = (key, key.PublicKey.ExportSubjectPublicKeyInfo());

    /// <summary>The public half as DER (SubjectPublicKeyInfo, RFC 5480), 120 bytes: what attestation documents carry.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Makes a pair. The kernel's generator must have been seeded.</summary>
    /// <exception cref="CryptographicException">OpenSSL's reason.</exception>
    public static EnclaveKey Create() => new(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384));

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
