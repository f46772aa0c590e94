using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Init.Eif;

/// <summary>What a certificate must be to sign an image: P-384, and valid at the time.</summary>
internal static class SigningCertificate
{
    /// <summary>secp384r1 (RFC 5480 section 2.1.1.1).</summary>
    private const string P384 = "1.3.132.0.34";

    /// <exception cref="EifException"><see cref="EifError.Signature"/>.</exception>
    public static X509Certificate2 Load(byte[] der)
    {
        X509Certificate2? certificate = null;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(der);

            // Parsed when they are asked for: what is malformed is found here and nowhere later.
            _ = (certificate.NotBefore, certificate.NotAfter, certificate.Subject);
            return certificate;
        }
        catch (CryptographicException e)
        {
            certificate?.Dispose();
            throw EifSignature.Refused("its certificate is not X.509", e);
        }
    }

    /// <exception cref="EifException"><see cref="EifError.Signature"/>: outside of its time.</exception>
    public static void CheckValidity(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (now < certificate.NotBefore)
        {
            throw EifSignature.Refused($"its certificate is not valid before {Text(certificate.NotBefore)}");
        }

        if (now > certificate.NotAfter)
        {
            throw EifSignature.Refused($"its certificate expired on {Text(certificate.NotAfter)}");
        }
    }

    /// <exception cref="EifException"><see cref="EifError.Signature"/>: another kind of key.</exception>
    public static ECDsa KeyOf(X509Certificate2 certificate)
    {
        ECDsa? key = null;
        try
        {
            key = certificate.GetECDsaPublicKey();
            return key is not null && IsP384(key) ? key : throw EifSignature.Refused("its certificate's key is not P-384");
        }
        catch (Exception e) when (e is CryptographicException or EifException)
        {
            key?.Dispose();
            throw e as EifException ?? EifSignature.Refused("its certificate's key is not P-384", e);
        }
    }

    public static bool IsP384(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true, Oid.Value: P384 };

    private static string Text(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
