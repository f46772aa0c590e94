using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Init.Attestation.Tests;

/// <summary>RFC 5280 section 6, for the one path that there is.</summary>
public sealed class ChainTests
{
    private readonly Forge _forge = new();

    private ForgedCertificate Regional => _forge.Authorities[1];

    private ForgedCertificate Zonal => _forge.Authorities[2];

    private ForgedCertificate Instance => _forge.Authorities[3];

    [Fact]
    public void A_chain_of_another_length_is_accepted_where_the_path_lengths_allow_it()
    {
        _forge.Authorities.RemoveRange(1, 3);
        Expect.Accepted(_forge.Verify(), AttestationTrust.ConfiguredRoot);
    }

    [Fact]
    public void A_root_that_only_looks_like_the_trusted_one_is_refused()
    {
        AttestationRoot trusted = new Forge().Root;
        Expect.Refused(_forge.Verify(_forge.Policy with { Roots = [trusted] }), AttestationError.UntrustedRoot, "is not trusted", AttestationStep.Root);
    }

    [Fact]
    public void One_of_several_roots_is_enough() =>
        Expect.Accepted(_forge.Verify(_forge.Policy with { Roots = [AttestationRoot.Aws, _forge.Root] }), AttestationTrust.ConfiguredRoot);

    [Fact]
    public void A_root_that_is_not_the_first_certificate_is_refused()
    {
        _forge.BendBundle = bundle => [.. bundle.Reverse()];
        Assert.Equal(AttestationError.UntrustedRoot, _forge.Verify().Refusal!.Error);
    }

    [Fact]
    public void Certificates_in_another_order_are_refused()
    {
        _forge.BendBundle = bundle => [bundle[0], bundle[2], bundle[1], bundle[3]];
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "names another issuer", AttestationStep.Chain);
    }

    [Fact]
    public void A_certificate_left_out_is_refused()
    {
        _forge.BendBundle = bundle => bundle[..3];
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "the leaf names another issuer", AttestationStep.Chain);
    }

    [Fact]
    public void A_certificate_too_many_is_refused()
    {
        Forge stranger = new();
        _forge.BendBundle = bundle => [.. bundle, stranger.RootCertificate];
        Assert.Equal([AttestationStep.Chain], Failed(_forge.Verify()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_certificate_that_the_one_above_has_not_signed_is_refused(int level)
    {
        Level(level).IssuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "is not signed by", AttestationStep.Chain);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_certificate_that_names_another_issuer_is_refused_although_the_signature_is_right(int level)
    {
        Level(level).Issuer = new X500DistinguishedName("CN=somebody else");
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "names another issuer", AttestationStep.Chain);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_leaf_in_an_authoritys_place_is_refused(int level)
    {
        Level(level).AsLeaf();
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "is not an authority", AttestationStep.Chain);
    }

    [Fact]
    public void An_authority_without_basic_constraints_is_refused()
    {
        Zonal.Extensions.RemoveAll(extension => extension is X509BasicConstraintsExtension);
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "certificate 2 of the bundle is not an authority", AttestationStep.Chain);
    }

    [Fact]
    public void An_authority_whose_basic_constraints_are_not_critical_is_refused()
    {
        Zonal.Extensions[0] = new X509BasicConstraintsExtension(true, true, 1, critical: false);
        UnreadableCertificate("not critical");
    }

    [Fact]
    public void An_authority_that_may_not_sign_certificates_is_refused()
    {
        Zonal.Extensions[1] = new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign, critical: true);
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "certificate 2 of the bundle may not sign certificates", AttestationStep.Chain);
    }

    [Fact]
    public void An_authority_that_does_not_say_what_its_key_is_for_is_refused()
    {
        Zonal.Extensions.RemoveAt(1);
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "may not sign certificates", AttestationStep.Chain);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void More_authorities_than_a_path_length_allows_are_refused(int level, int pathLength)
    {
        Level(level).AsAuthority(pathLength);
        Expect.Refused(_forge.Verify(), AttestationError.Chain, $"allows {pathLength} authorities below it", AttestationStep.Chain);
    }

    [Fact]
    public void The_path_lengths_of_the_real_chain_are_exhausted()
    {
        _forge.Authorities.Insert(4, new ForgedCertificate("one too many").AsAuthority(null));
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "certificate 1 of the bundle allows 2 authorities below it, there are 3", AttestationStep.Chain);
    }

    [Fact]
    public void A_leaf_that_is_an_authority_is_refused()
    {
        Instance.AsAuthority(null);
        Zonal.AsAuthority(null);
        _forge.Leaf.AsAuthority(null).Extensions[1] =
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true);
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "the leaf is an authority", AttestationStep.Chain);
    }

    [Fact]
    public void A_leaf_that_may_sign_certificates_is_refused()
    {
        _forge.Leaf.Extensions[1] = new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true);
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "the leaf is an authority", AttestationStep.Chain);
    }

    [Fact]
    public void A_leaf_that_may_not_sign_documents_is_refused()
    {
        _forge.Leaf.Extensions[1] = new X509KeyUsageExtension(X509KeyUsageFlags.KeyAgreement, critical: true);
        Expect.Refused(_forge.Verify(), AttestationError.Chain, "the leaf may not sign documents", AttestationStep.Chain);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_certificate_that_is_expired_or_not_valid_yet_is_refused(int level)
    {
        ForgedCertificate certificate = Level(level);
        certificate.To = Forge.Now.AddSeconds(10);
        certificate.From = Forge.Now.AddSeconds(-10);
        Forge forge = _forge;
        forge.Verify();
        AttestationPolicy policy = forge.Policy with { MaximumAge = null };
        forge.Time = certificate.To;
        Expect.Accepted(forge.Verify(policy), AttestationTrust.ConfiguredRoot);
        forge.Time = certificate.To.AddSeconds(1);
        Expect.Refused(forge.Verify(policy), AttestationError.Expired, "was valid until", AttestationStep.Validity);
        forge.Time = certificate.From;
        Expect.Accepted(forge.Verify(policy), AttestationTrust.ConfiguredRoot);
        forge.Time = certificate.From.AddSeconds(-1);
        Expect.Refused(forge.Verify(policy), AttestationError.NotYetValid, "is valid from", AttestationStep.Validity);
    }

    [Fact]
    public void A_certificate_that_is_valid_beyond_2049_is_read()
    {
        _forge.Authorities[0].To = new DateTimeOffset(2050, 1, 1, 0, 0, 0, TimeSpan.Zero); // a GeneralizedTime
        Expect.Accepted(_forge.Verify(), AttestationTrust.ConfiguredRoot);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_key_on_another_curve_or_of_another_kind_is_refused(int level)
    {
        using ECDsa p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using RSA rsa = RSA.Create(2048);
        foreach (PublicKey key in (PublicKey[])[new PublicKey(p256), new PublicKey(p521), new PublicKey(rsa)])
        {
            Level(level).PublicKey = key;
            UnreadableCertificate("not on P-384");
        }
    }

    [Fact]
    public void A_point_that_is_compressed_or_not_on_the_curve_is_refused()
    {
        ECPoint point = _forge.Leaf.Key.ExportParameters(false).Q;
        Oid ec = new("1.2.840.10045.2.1");
        AsnEncodedData curve = new(ec, Convert.FromHexString("06052b81040022"));
        _forge.Leaf.PublicKey = new PublicKey(ec, curve, new AsnEncodedData(ec, [(byte)(2 + (point.Y![^1] & 1)), .. point.X!]));
        UnreadableCertificate("not an uncompressed point");
        point.Y[20] ^= 1;
        _forge.Leaf.PublicKey = new PublicKey(ec, curve, new AsnEncodedData(ec, [4, .. point.X!, .. point.Y]));
        Expect.Refused(_forge.Verify(), AttestationError.Signature, "has not signed", AttestationStep.Signature);
    }

    [Fact]
    public void A_certificate_signed_with_another_hash_is_refused()
    {
        Regional.Hash = HashAlgorithmName.SHA256;
        UnreadableCertificate("not signed by ECDSA with SHA-384");
    }

    [Fact]
    public void A_certificate_whose_two_algorithms_differ_is_refused()
    {
        // The inner one, which is signed, and the outer one: ecdsa-with-SHA512 in place of SHA384.
        Regional.Bend = der => ReplaceLast(der, "2a8648ce3d040303", "2a8648ce3d040304");
        UnreadableCertificate("not signed by ECDSA with SHA-384");
    }

    [Fact]
    public void A_critical_extension_that_is_not_known_is_refused_and_one_that_is_not_critical_is_skipped()
    {
        Zonal.Extensions.Add(new X509Extension("1.2.3.4", [5, 0], critical: false));
        Expect.Accepted(_forge.Verify(), AttestationTrust.ConfiguredRoot);
        Zonal.Extensions[^1].Critical = true;
        UnreadableCertificate("critical extension 1.2.3.4");
    }

    [Fact]
    public void Name_constraints_are_not_known_and_refused_where_they_are_critical()
    {
        Zonal.Extensions.Add(new X509Extension("2.5.29.30", [0x30, 0], critical: true));
        UnreadableCertificate("critical extension 2.5.29.30");
    }

    [Fact]
    public void A_path_length_of_a_leaf_is_refused()
    {
        _forge.Leaf.Extensions[0] = new X509Extension("2.5.29.19", [0x30, 3, 2, 1, 0], critical: true);
        UnreadableCertificate("a path length that is none");
    }

    [Fact]
    public void A_negative_path_length_is_refused()
    {
        Zonal.Extensions[0] = new X509Extension("2.5.29.19", [0x30, 6, 1, 1, 0xff, 2, 1, 0xff], critical: true);
        UnreadableCertificate("a path length that is none");
    }

    [Fact]
    public void Bytes_behind_a_certificate_or_an_extension_are_refused()
    {
        Zonal.Bend = der => [.. der, 0];
        UnreadableCertificate("not DER");
        Zonal.Bend = der => der;
        Zonal.Extensions[1] = new X509Extension("2.5.29.15", [3, 2, 2, 4, 5, 0], critical: true);
        UnreadableCertificate("not DER");
    }

    [Fact]
    public void A_certificate_with_an_empty_name_is_refused()
    {
        Zonal.Subject = new X500DistinguishedName("");
        UnreadableCertificate("a name that is empty");
    }

    [Fact]
    public void A_certificate_with_a_name_whose_parts_are_none_is_refused()
    {
        Zonal.Subject = new X500DistinguishedName([0x30, 0x02, 0x31, 0x00]);
        UnreadableCertificate("a part of a name that is empty");
        Zonal.Subject = new X500DistinguishedName("CN=zonal, O=forged");
        Zonal.Bend = der => ReplaceLast(der, "300d060355040a", "300d0c0355040a"); // a text where a part says what it is
        UnreadableCertificate("not DER");
        Zonal.Bend = der => ReplaceLast(der, "060355040a13", "060355040a04"); // bytes where a text was
        UnreadableCertificate("a part of a name that is no text");
        Zonal.Bend = der => ReplaceLast(der, "060355040a1306666f", "060355040a0c06ff6f"); // no UTF-8
        UnreadableCertificate("not DER");
    }

    [Fact]
    public void An_extension_that_is_there_twice_is_refused()
    {
        // .NET makes no such certificate: the identifier of an extension that nobody knows becomes that of key usage.
        Zonal.Extensions.Add(new X509Extension("2.5.29.99", [3, 2, 2, 4], critical: true));
        Zonal.Bend = der => ReplaceLast(der, "0603551d63", "0603551d0f");
        UnreadableCertificate("extension 2.5.29.15 twice");
    }

    [Fact]
    public void A_certificate_that_is_none_skips_what_needs_it()
    {
        _forge.BendBundle = bundle => [bundle[0], [1, 2, 3], .. bundle[2..]];
        AttestationReport report = _forge.Verify();
        Expect.Refused(report, AttestationError.Certificate, "certificate 1 of the bundle: not DER", AttestationStep.Certificates);
        Assert.Equal(
            [AttestationStep.Root, AttestationStep.Chain, AttestationStep.Validity, AttestationStep.Signature],
            report.Steps.Where(step => step.Detail == "no certificates to go by").Select(step => step.Step));
    }

    private ForgedCertificate Level(int level) => level < _forge.Authorities.Count ? _forge.Authorities[level] : _forge.Leaf;

    private void UnreadableCertificate(string text) => Expect.Refused(_forge.Verify(), AttestationError.Certificate, text, AttestationStep.Certificates);

    private static IEnumerable<AttestationStep> Failed(AttestationReport report) =>
        report.Steps.Where(step => step.Outcome == AttestationOutcome.Failed).Select(step => step.Step);

    private static byte[] ReplaceLast(byte[] der, string from, string to)
    {
        byte[] replaced = [.. der];
        int at = der.AsSpan().LastIndexOf(Convert.FromHexString(from));
        Convert.FromHexString(to).CopyTo(replaced, at);
        return replaced;
    }
}
