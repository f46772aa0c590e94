using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Init.Sealing;

/// <summary>An HPKE cipher suite (RFC 9180 section 7): DHKEM over a NIST curve, HKDF and AES-GCM, with one hash for both.</summary>
/// <remarks>The enclave uses <see cref="P384Sha384Aes256"/>. The RFC has test vectors for the other two, which run the same code.</remarks>
public sealed class HpkeSuite
{
    /// <summary>Bytes of a GCM nonce (Nn).</summary>
    internal const int NonceBytes = 12;

    /// <summary>Bytes of a GCM tag (Nt).</summary>
    internal const int TagBytes = 16;

    /// <summary>The longest hash (SHA-512), for buffers on the stack.</summary>
    internal const int MaxHashBytes = 64;

    /// <summary>The longest coordinate (P-521), for buffers on the stack.</summary>
    internal const int MaxCoordinateBytes = 66;

    private HpkeSuite(
        ushort kem, ushort kdf, ushort aead, ECCurve curve, string infoHead, int coordinateBytes, HashAlgorithmName hash, int hashBytes, int keyBytes)
    {
        (Curve, CoordinateBytes, Hash, HashBytes, KeyBytes) = (curve, coordinateBytes, hash, hashBytes, keyBytes);
        SubjectPublicKeyInfoHead = Convert.FromHexString(infoHead);
        KemId = [.. "KEM"u8, .. BigEndian(kem)];
        Id = [.. "HPKE"u8, .. BigEndian(kem), .. BigEndian(kdf), .. BigEndian(aead)];
    }

    /// <summary>DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.</summary>
    public static HpkeSuite P256Sha256Aes128 { get; } = new(
        0x0010, 0x0001, 0x0001,
        ECCurve.NamedCurves.nistP256, "3059301306072a8648ce3d020106082a8648ce3d030107034200", 32, HashAlgorithmName.SHA256, 32, 16);

    /// <summary>DHKEM(P-384, HKDF-SHA384), HKDF-SHA384, AES-256-GCM: the enclave's.</summary>
    public static HpkeSuite P384Sha384Aes256 { get; } = new(
        0x0011, 0x0002, 0x0002,
        ECCurve.NamedCurves.nistP384, "3076301006072a8648ce3d020106052b81040022036200", 48, HashAlgorithmName.SHA384, 48, 32);

    /// <summary>DHKEM(P-521, HKDF-SHA512), HKDF-SHA512, AES-256-GCM.</summary>
    public static HpkeSuite P521Sha512Aes256 { get; } = new(
        0x0012, 0x0003, 0x0002,
        ECCurve.NamedCurves.nistP521, "30819b301006072a8648ce3d020106052b8104002303818600", 66, HashAlgorithmName.SHA512, 64, 32);

    /// <summary>Bytes of a public and of an encapsulated key (Npk, Nenc): an uncompressed point, SEC 1 section 2.3.3.</summary>
    public int PublicKeyBytes => 1 + (2 * CoordinateBytes);

    internal ECCurve Curve { get; }

    /// <summary>
    /// What stands before the point in a SubjectPublicKeyInfo (RFC 5480 section 2): two sequences, id-ecPublicKey, the named curve, the head
    /// of a bit string. DER has one encoding of it, so that nothing has to be parsed.
    /// </summary>
    internal byte[] SubjectPublicKeyInfoHead { get; }

    internal int CoordinateBytes { get; }

    internal HashAlgorithmName Hash { get; }

    internal int HashBytes { get; }

    internal int KeyBytes { get; }

    /// <summary>The <c>suite_id</c> inside the KEM (section 4.1).</summary>
    internal byte[] KemId { get; }

    /// <summary>The <c>suite_id</c> of the whole (section 5.1).</summary>
    internal byte[] Id { get; }

    private static byte[] BigEndian(ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
