using System.Security.Cryptography;
using System.Text;
using Init.Attestation.Certificates;

namespace Init.Attestation;

/// <summary>A root that a policy trusts, by the SHA-256 of its certificate's DER.</summary>
public sealed record AttestationRoot
{
    private const string CertificateLabel = "CERTIFICATE";
    private const int MaxFileBytes = 65_536;

    private AttestationRoot(string name, string sha256)
    {
        Name = name;
        Sha256 = sha256;
    }

    /// <summary>The root of all Nitro Enclaves (AWS, "Verifying the root of trust").</summary>
    public static AttestationRoot Aws { get; } =
        new("AWS Nitro Enclaves", "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b");

    /// <summary>What the report calls it.</summary>
    public string Name { get; }

    /// <summary>64 hexadecimal digits, in lower case.</summary>
    public string Sha256 { get; }

    /// <summary>Whether it is the one that AWS's hardware leads to.</summary>
    public bool IsAws => Sha256 == Aws.Sha256;

    /// <summary>Takes another root than AWS's, for development. AWS's own certificate gives <see cref="Aws"/>.</summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="certificate">DER, or PEM with one certificate.</param>
    /// <exception cref="AttestationException">Policy: not such a certificate, or not a certificate authority's.</exception>
    public static AttestationRoot FromCertificate(string name, ReadOnlySpan<byte> certificate)
    {
        byte[] der = certificate.Length <= MaxFileBytes ? DecodePem(certificate) ?? certificate.ToArray() : throw NoRoot("too long");
        try
        {
            if (!NitroCertificate.Parse(der).IsAuthority)
            {
                throw NoRoot("not a certificate authority's");
            }
        }
        catch (AttestationException malformed) when (malformed.Error == AttestationError.Certificate)
        {
            throw NoRoot(malformed.Message, malformed);
        }

        string sha256 = Convert.ToHexStringLower(SHA256.HashData(der));
        return sha256 == Aws.Sha256 ? Aws : new AttestationRoot(name, sha256);
    }

    private static byte[]? DecodePem(ReadOnlySpan<byte> file)
    {
        string text = Encoding.Latin1.GetString(file);
        if (!PemEncoding.TryFind(text, out PemFields fields))
        {
            return null;
        }

        bool isOnlyCertificate = text[fields.Label] == CertificateLabel && !PemEncoding.TryFind(text.AsSpan()[fields.Location.End..], out _);
        byte[] der = new byte[fields.DecodedDataLength];
        return isOnlyCertificate && Convert.TryFromBase64Chars(text.AsSpan()[fields.Base64Data], der, out int written) && written == der.Length
            ? der
            : throw NoRoot("its PEM is not one certificate");
    }

    private static AttestationException NoRoot(string cause, Exception? inner = null) =>
        new(AttestationError.Policy, $"read root certificate: {cause}", inner);
}
