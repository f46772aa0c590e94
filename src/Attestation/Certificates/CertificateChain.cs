namespace Init.Attestation.Certificates;

/// <summary>A bundle from its root down, and the leaf. RFC 5280 section 6 for the one path that there is: nothing is searched for.</summary>
internal sealed class CertificateChain
{
    private CertificateChain(IReadOnlyList<NitroCertificate> certificates) => Certificates = certificates;

    /// <summary>The root first, the leaf last; at least two.</summary>
    public IReadOnlyList<NitroCertificate> Certificates { get; }

    public NitroCertificate Root => Certificates[0];

    public NitroCertificate Leaf => Certificates[^1];

    /// <exception cref="AttestationException">Certificate.</exception>
    public static CertificateChain Parse(AttestationPayload payload)
    {
        ReadOnlyMemory<byte>[] encoded = [.. payload.CaBundle, payload.Certificate];
        NitroCertificate[] certificates = new NitroCertificate[encoded.Length];
        for (int level = 0; level < encoded.Length; level++)
        {
            try
            {
                certificates[level] = NitroCertificate.Parse(encoded[level]);
            }
            catch (AttestationException refused)
            {
                throw NitroCertificate.Refused($"{Name(level, encoded.Length)}: {refused.Message}", refused);
            }
        }

        return new CertificateChain(certificates);
    }

    /// <summary>What reports call a certificate.</summary>
    public string Name(int level) => Name(level, Certificates.Count);

    /// <summary>Null where each certificate is signed by the one above it and may do what it does.</summary>
    public string? WhyBroken()
    {
        for (int level = 0; level < Certificates.Count - 1; level++)
        {
            NitroCertificate issuer = Certificates[level];
            NitroCertificate certificate = Certificates[level + 1];
            int authoritiesBelow = Certificates.Count - 2 - level;
            string? problem =
                !issuer.Extensions.IsAuthority ? $"{Name(level)} is not an authority"
                : !issuer.Extensions.MaySignCertificates ? $"{Name(level)} may not sign certificates"
                : authoritiesBelow > issuer.Extensions.PathLength ? $"{Name(level)} allows {issuer.Extensions.PathLength} authorities below it, there are {authoritiesBelow}"
                : !certificate.Issuer.Span.SequenceEqual(issuer.Subject.Span) ? $"{Name(level + 1)} names another issuer than {Name(level)}"
                : !issuer.Key.HasSignedCertificate(certificate.ToBeSigned.Span, certificate.Signature.Span) ? $"{Name(level + 1)} is not signed by {Name(level)}"
                : null;
            if (problem is not null)
            {
                return problem;
            }
        }

        // A leaf that could sign certificates would let its holder make enclaves up.
        return Leaf.Extensions.IsAuthority || Leaf.Extensions.MaySignCertificates ? "the leaf is an authority"
            : !Leaf.Extensions.MaySignData ? "the leaf may not sign documents"
            : null;
    }

    private static string Name(int level, int count) =>
        level == count - 1 ? "the leaf" : level == 0 ? "the root" : $"certificate {level} of the bundle";
}
