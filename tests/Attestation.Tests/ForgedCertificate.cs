using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Init.Attestation.Tests;

/// <summary>A certificate as a test wants it. As it stands: an authority.</summary>
internal sealed class ForgedCertificate(string name)
{
    public ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    /// <summary>In place of <see cref="Key"/>'s.</summary>
    public PublicKey? PublicKey { get; set; }

    public X500DistinguishedName Subject { get; set; } = new($"CN={name}, O=forged");

    /// <summary>In place of the subject of the one above.</summary>
    public X500DistinguishedName? Issuer { get; set; }

    /// <summary>In place of the key of the one above.</summary>
    public ECDsa? IssuerKey { get; set; }

    public DateTimeOffset From { get; set; } = Forge.Now.AddDays(-1);

    public DateTimeOffset To { get; set; } = Forge.Now.AddDays(1);

    public HashAlgorithmName Hash { get; set; } = HashAlgorithmName.SHA384;

    public List<X509Extension> Extensions { get; } = [];

    /// <summary>Bends what was made, after it was signed.</summary>
    public Func<byte[], byte[]> Bend { get; set; } = der => der;

    public ForgedCertificate AsAuthority(int? pathLength)
    {
        Extensions.Clear();
        Extensions.Add(new X509BasicConstraintsExtension(true, pathLength is not null, pathLength ?? 0, critical: true));
        Extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        return this;
    }

    public ForgedCertificate AsLeaf()
    {
        Extensions.Clear();
        Extensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        Extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, critical: false));
        return this;
    }

    public byte[] Make(ForgedCertificate issuer)
    {
        CertificateRequest request = new(Subject, PublicKey ?? new PublicKey(Key), Hash);
        foreach (X509Extension extension in Extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(IssuerKey ?? issuer.Key);
        using X509Certificate2 made = request.Create(Issuer ?? issuer.Subject, generator, From, To, [1, 2, 3]);
        return Bend(made.RawData);
    }
}
