using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Init.Simulator.SoftwareNsm;

/// <summary>
/// Certificates like those of real documents, by a root that trusts nobody: every subject says INSECURE DEVELOPMENT. Root, regional,
/// zonal, instance, leaf; extensions, path lengths and lifetimes are those of the real ones (read in the shared vectors).
/// </summary>
/// <remarks>Not safe for more than one thread. Keys are made in the constructor and live as long as the object.</remarks>
internal sealed class DevelopmentPki : IDisposable
{
    /// <summary>Stands in every subject.</summary>
    internal const string Marker = "INSECURE DEVELOPMENT";

    private static readonly DateTimeOffset RootFrom = new(2019, 10, 28, 13, 28, 5, TimeSpan.Zero);
    private static readonly TimeSpan LeafLifetime = TimeSpan.FromHours(3);
    private static readonly Authority[] Authorities =
    [
        new("regional", TimeSpan.FromDays(20), PathLength: 2),
        new("zonal", TimeSpan.FromDays(5), PathLength: 1),
        new("instance", TimeSpan.FromDays(1), PathLength: 0),
    ];

    private readonly string _moduleId;
    private readonly ECDsa _rootKey = NewKey();
    private readonly ECDsa[] _authorityKeys = [.. Authorities.Select(_ => NewKey())];
    private readonly X509Certificate2 _root;

    public DevelopmentPki(string moduleId)
    {
        _moduleId = moduleId;
        CertificateRequest request = Request("root", _rootKey);
        AddAuthorityExtensions(request, pathLength: null);
        _root = request.CreateSelfSigned(RootFrom, RootFrom.AddYears(30));
        RootCertificate = _root.RawData;
    }

    private sealed record Authority(string Name, TimeSpan Lifetime, int PathLength);

    /// <summary>DER; what a client of this NSM pins in place of AWS's root.</summary>
    public ReadOnlyMemory<byte> RootCertificate { get; }

    /// <summary>Signs documents.</summary>
    public ECDsa LeafKey { get; } = NewKey();

    /// <summary>The certificates of a document made at <paramref name="now"/>: issued afresh when the leaf is not valid then.</summary>
    public CertificateChain At(DateTimeOffset now)
    {
        if (Current is not { } chain || now < chain.From || now >= chain.To)
        {
            Current = Issue(now);
        }

        return Current;
    }

    private CertificateChain? Current { get; set; }

    public void Dispose()
    {
        _root.Dispose();
        _rootKey.Dispose();
        LeafKey.Dispose();
        foreach (ECDsa key in _authorityKeys)
        {
            key.Dispose();
        }
    }

    private CertificateChain Issue(DateTimeOffset now)
    {
        DateTimeOffset from = now.AddSeconds(-3); // X.509 times are whole seconds: the leaf is valid at once
        List<ReadOnlyMemory<byte>> bundle = [RootCertificate];
        X509Certificate2 issuer = _root;
        ECDsa issuerKey = _rootKey;
        for (int level = 0; level < Authorities.Length; level++)
        {
            Authority authority = Authorities[level];
            CertificateRequest request = Request(authority.Name, _authorityKeys[level]);
            AddAuthorityExtensions(request, authority.PathLength);
            X509Certificate2 certificate = Sign(request, issuer, issuerKey, from, from + authority.Lifetime);
            bundle.Add(certificate.RawData);
            DisposeIssuer(issuer);
            (issuer, issuerKey) = (certificate, _authorityKeys[level]);
        }

        CertificateRequest leafRequest = Request(_moduleId, LeafKey);
        leafRequest.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        leafRequest.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, critical: false));
        using X509Certificate2 leaf = Sign(leafRequest, issuer, issuerKey, from, from + LeafLifetime);
        DisposeIssuer(issuer);
        return new CertificateChain(from, from + LeafLifetime, bundle, leaf.RawData);
    }

    private void DisposeIssuer(X509Certificate2 issuer)
    {
        if (issuer != _root)
        {
            issuer.Dispose();
        }
    }

    private static X509Certificate2 Sign(
        CertificateRequest request, X509Certificate2 issuer, ECDsa issuerKey, DateTimeOffset from, DateTimeOffset to)
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40); // positive, 16 bytes (RFC 5280 4.1.2.2)
        return request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), from, to, serial);
    }

    private static void AddAuthorityExtensions(CertificateRequest request, int? pathLength)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, pathLength is not null, pathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        X500DistinguishedNameBuilder subject = new();
        subject.AddOrganizationName(Marker);
        subject.AddOrganizationalUnitName("Init software NSM");
        subject.AddCommonName($"{Marker} {name}");
        return new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA384);
    }

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP384);
}
