using System.Security.Cryptography;

namespace Init.Attestation.Certificates;

/// <summary>A public key on P-384, as the uncompressed point of SEC 1 section 2.3.3.</summary>
internal sealed class P384Key
{
    /// <summary>4, x, y.</summary>
    public const int PointBytes = 1 + 2 * CoordinateBytes;

    private const int CoordinateBytes = 48;
    private const byte Uncompressed = 4;

    private readonly byte[] _x;
    private readonly byte[] _y;

    private P384Key(ReadOnlySpan<byte> point)
    {
        _x = point.Slice(1, CoordinateBytes).ToArray();
        _y = point.Slice(1 + CoordinateBytes, CoordinateBytes).ToArray();
    }

    /// <summary>Null where it is not an uncompressed point. Whether it is on the curve shows when it is used.</summary>
    public static P384Key? TryRead(ReadOnlySpan<byte> point) =>
        point.Length == PointBytes && point[0] == Uncompressed ? new P384Key(point) : null;

    /// <summary>ES384 of COSE: r ‖ s (RFC 9053 section 2.1). S may be in either half: AWS's signers do not normalise.</summary>
    public bool HasSigned(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == AttestationLimits.SignatureBytes
        && Verify(message, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>ecdsa-with-SHA384 of X.509: DER of r and s (RFC 3279 section 2.2.3).</summary>
    public bool HasSignedCertificate(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Verify(message, signature, DSASignatureFormat.Rfc3279DerSequence);

    private bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature, DSASignatureFormat format)
    {
        try
        {
            using ECDsa key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, Q = new ECPoint { X = _x, Y = _y } });
            return key.VerifyData(message, signature, HashAlgorithmName.SHA384, format);
        }
        catch (CryptographicException)
        {
            // The point is not on the curve.
            return false;
        }
    }
}
