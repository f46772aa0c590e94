using System.Security.Cryptography;

namespace Init.Sealing;

/// <summary>A recipient's public key: a point that is on its curve.</summary>
public sealed class HpkePublicKey
{
    private const byte Uncompressed = 4;

    private HpkePublicKey(HpkeSuite suite, byte[] point) => (Suite, Point) = (suite, point);

    /// <summary>The suite it is for.</summary>
    public HpkeSuite Suite { get; }

    /// <summary>The point, uncompressed (SEC 1 section 2.3.3), as RFC 9180's SerializePublicKey gives it.</summary>
    public ReadOnlyMemory<byte> Point { get; }

    /// <summary>The key as DER (RFC 5480): 120 bytes for P-384.</summary>
    public byte[] ToSubjectPublicKeyInfo() => [.. Suite.SubjectPublicKeyInfoHead, .. Point.Span];

    /// <summary>Reads an uncompressed point.</summary>
    /// <param name="suite">The suite it is for.</param>
    /// <param name="point"><see cref="HpkeSuite.PublicKeyBytes"/> bytes.</param>
    /// <exception cref="SealingException">InvalidKey.</exception>
    public static HpkePublicKey FromPoint(HpkeSuite suite, ReadOnlySpan<byte> point)
    {
        ArgumentNullException.ThrowIfNull(suite);
        HpkePublicKey key = new(suite, point.ToArray());
        key.Import().Dispose();
        return key;
    }

    /// <summary>Reads a SubjectPublicKeyInfo (RFC 5480), as attestation documents carry it.</summary>
    /// <param name="suite">The suite it is for.</param>
    /// <param name="info">DER, nothing behind it.</param>
    /// <exception cref="SealingException">InvalidKey: another curve included.</exception>
    public static HpkePublicKey FromSubjectPublicKeyInfo(HpkeSuite suite, ReadOnlySpan<byte> info)
    {
        ArgumentNullException.ThrowIfNull(suite);
        return info.StartsWith(suite.SubjectPublicKeyInfoHead)
            ? FromPoint(suite, info[suite.SubjectPublicKeyInfoHead.Length..])
            : throw new SealingException(SealingError.InvalidKey, "read public key: not a SubjectPublicKeyInfo of the suite's curve");
    }

    /// <summary>The public half of a pair that OpenSSL made: it is on the curve, and checking it costs as much as making it.</summary>
    internal static HpkePublicKey OfKey(HpkeSuite suite, ECDiffieHellman key)
    {
        ECPoint point = key.ExportParameters(includePrivateParameters: false).Q;
        return new HpkePublicKey(suite, [Uncompressed, .. point.X!, .. point.Y!]);
    }

    /// <summary>The key as OpenSSL's, which checks that the point is on the curve (SP 800-56A section 5.6.2.3.3).</summary>
    /// <exception cref="SealingException">InvalidKey.</exception>
    internal ECDiffieHellman Import()
    {
        ReadOnlySpan<byte> point = Point.Span;
        if (point.Length != Suite.PublicKeyBytes || point[0] != Uncompressed)
        {
            throw new SealingException(SealingError.InvalidKey, $"read public key: not an uncompressed point of {Suite.PublicKeyBytes} bytes");
        }

        int half = Suite.CoordinateBytes;
        try
        {
            return ECDiffieHellman.Create(new ECParameters
            {
                Curve = Suite.Curve,
                Q = new ECPoint { X = point[1..(1 + half)].ToArray(), Y = point[(1 + half)..].ToArray() },
            });
        }
        catch (CryptographicException exception)
        {
            throw new SealingException(SealingError.InvalidKey, "read public key: not a point of the curve", exception);
        }
    }
}
