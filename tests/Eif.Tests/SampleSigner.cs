using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Init.Eif.Tests;

/// <summary>A key and a certificate for it, valid a day before and a day after a time.</summary>
internal sealed record SampleSigner(ECDsa Key, byte[] Certificate)
{
    public string KeyPem => Key.ExportECPrivateKeyPem();

    public string CertificatePem => new(PemEncoding.Write("CERTIFICATE", Certificate));

    public static SampleSigner Create(DateTimeOffset now)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using X509Certificate2 certificate = Certify(new CertificateRequest("CN=signer", key, HashAlgorithmName.SHA384), now);
        return new SampleSigner(key, certificate.RawData);
    }

    /// <summary>The image, signed.</summary>
    public byte[] Sign(byte[] image)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Certificate);
        using var signer = ImageSigner.Create(KeyPem, CertificatePem, certificate.NotBefore);
        using MemoryStream target = new();
        signer.Sign(SampleImage.Read(image), target);
        return target.ToArray();
    }

    /// <summary>Another kind of key's certificate, PEM.</summary>
    public static string SelfSigned(CertificateRequest request, DateTimeOffset now)
    {
        using X509Certificate2 certificate = Certify(request, now);
        return certificate.ExportCertificatePem();
    }

    private static X509Certificate2 Certify(CertificateRequest request, DateTimeOffset now) =>
        request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
}
