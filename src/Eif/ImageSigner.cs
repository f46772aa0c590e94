using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Init.Eif;

/// <summary>
/// A key and its certificate, which sign images. Another signature each time, for its nonce is random: what is signed is reproducible,
/// a signed image is not.
/// </summary>
public sealed class ImageSigner : IDisposable
{
    private readonly byte[] _certificate;
    private readonly ECDsa _key;

    private ImageSigner(byte[] certificate, ECDsa key)
    {
        _certificate = certificate;
        _key = key;
    }

    /// <summary>Takes a key and a certificate that belong together.</summary>
    /// <param name="keyPem">P-384; EC PRIVATE KEY (RFC 5915) or PRIVATE KEY (PKCS #8), not encrypted.</param>
    /// <param name="certificatePem">The first certificate in it signs.</param>
    /// <param name="now">When: an expired certificate's image would be refused by nitro-cli.</param>
    /// <exception cref="EifException"><see cref="EifError.SigningKey"/>, or <see cref="EifError.Signature"/> for the certificate.</exception>
    public static ImageSigner Create(string keyPem, string certificatePem, DateTimeOffset now)
    {
        byte[] der = EifSignature.CertificateOf(certificatePem);
        using X509Certificate2 certificate = SigningCertificate.Load(der);
        SigningCertificate.CheckValidity(certificate, now);
        using ECDsa certified = SigningCertificate.KeyOf(certificate);
        ECDsa key = ECDsa.Create();
        try
        {
            Import(key, keyPem);
            return key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certified.ExportSubjectPublicKeyInfo())
                ? new ImageSigner(der, key)
                : throw Refused("it is not the certificate's");
        }
        catch (Exception)
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Writes an image, signed.</summary>
    /// <param name="image">The image. A signature it has is left out.</param>
    /// <param name="target">Seekable, readable and writable; what it held is lost.</param>
    public void Sign(EifImage image, Stream target)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(target);
        EifSection last = image.Sections.Last(s => s.Type != EifSectionType.Signature);
        byte[] section = EifSignature.Write(_certificate, CoseSign1.Sign(EifSignature.PcrInfo(image.Measurements.Pcr0), _key));
        if (section.Length > EifReader.MaxSignatureBytes || last.Index + 1 == EifFormat.MaxSections)
        {
            throw Refused($"its certificate is too large, or there are {EifFormat.MaxSections} sections already");
        }

        long end = last.BodyOffset + last.SizeBytes;
        target.SetLength(0);
        image.CopyTo(target, end);
        EifWriter.Append(target, new EifSection(last.Index + 1, EifSectionType.Signature, end + EifFormat.SectionHeaderBytes, section.Length), section);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static void Import(ECDsa key, string pem)
    {
        bool isP384;
        try
        {
            key.ImportFromPem(pem);
            isP384 = SigningCertificate.IsP384(key);

            // PUBLIC KEY is PEM too, and imported; a key that cannot sign shows here.
            key.ExportParameters(includePrivateParameters: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Refused("it is no private key in PEM (EC PRIVATE KEY or PRIVATE KEY, not encrypted)", e);
        }

        if (!isP384)
        {
            throw Refused("it is not P-384");
        }
    }

    private static EifException Refused(string cause, Exception? inner = null) => new(EifError.SigningKey, $"read signing key: {cause}", inner);
}
