using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Wire;
using static Init.Nsm.Tests.Sessions;

namespace Init.Nsm.Tests;

/// <summary>Documents of the software module, verified by .NET's own cryptography.</summary>
public sealed class SoftwareDocumentTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly SoftwareNsmDevice _module;

    public SoftwareDocumentTests() => _module = new SoftwareNsmDevice(new SoftwareNsmOptions { Pcrs = BootPcrs() }, _time);

    public void Dispose() => _module.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_leafs_key_has_signed_the_payload(bool isIndefinite)
    {
        using SoftwareNsmDevice module = new(new SoftwareNsmOptions { IsIndefiniteLength = isIndefinite }, _time);
        byte[] document = Attest(module);
        Assert.Equal("8444a1013822a059", Convert.ToHexStringLower(document.AsSpan(0, 8))); // as real documents begin
        Assert.True(IsSigned(document));
        document[200] ^= 1;
        Assert.False(IsSigned(document));
    }

    [Fact]
    public void The_chain_leads_to_the_modules_root()
    {
        AttestationDocument document = AttestationDocument.Parse(Attest(_module));
        Assert.Equal(_module.RootCertificate.ToArray(), document.CaBundle[0].ToArray());
        Assert.Equal(X509ChainStatusFlags.NoError, Verify(document, _module.RootCertificate, _time.GetUtcNow()));
    }

    [Fact]
    public void The_chain_does_not_lead_to_another_modules_root()
    {
        using SoftwareNsmDevice other = new(new SoftwareNsmOptions(), _time);
        AttestationDocument document = AttestationDocument.Parse(Attest(_module));
        Assert.NotEqual(X509ChainStatusFlags.NoError, Verify(document, other.RootCertificate, _time.GetUtcNow()));
    }

    [Fact]
    public void A_leaf_is_valid_for_three_hours_and_then_followed_by_another()
    {
        AttestationDocument first = AttestationDocument.Parse(Attest(_module));
        _time.Advance(TimeSpan.FromHours(2.9));
        AttestationDocument second = AttestationDocument.Parse(Attest(_module));
        Assert.Equal(first.Certificate.ToArray(), second.Certificate.ToArray());
        _time.Advance(TimeSpan.FromHours(0.2));
        AttestationDocument third = AttestationDocument.Parse(Attest(_module));
        Assert.NotEqual(first.Certificate.ToArray(), third.Certificate.ToArray());
        Assert.Equal(X509ChainStatusFlags.NoError, Verify(third, _module.RootCertificate, _time.GetUtcNow()));
        Assert.Equal(X509ChainStatusFlags.NotTimeValid, Verify(first, _module.RootCertificate, _time.GetUtcNow()));
    }

    [Fact]
    public void Certificates_have_the_extensions_of_the_real_ones_and_say_that_nobody_may_trust_them()
    {
        AttestationDocument document = AttestationDocument.Parse(Attest(_module));
        int?[] pathLengths = [null, 2, 1, 0];
        for (int level = 0; level < pathLengths.Length; level++)
        {
            using X509Certificate2 authority = X509CertificateLoader.LoadCertificate(document.CaBundle[level].Span);
            X509BasicConstraintsExtension constraints = authority.Extensions.OfType<X509BasicConstraintsExtension>().Single();
            Assert.True(constraints is { CertificateAuthority: true, Critical: true });
            Assert.Equal(pathLengths[level], constraints.HasPathLengthConstraint ? constraints.PathLengthConstraint : null);
            Assert.True(authority.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));
            Assert.Contains("INSECURE DEVELOPMENT", authority.Subject, StringComparison.Ordinal);
        }

        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(document.Certificate.Span);
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation,
            leaf.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Contains("INSECURE DEVELOPMENT", leaf.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_document_is_as_long_as_real_ones_and_far_from_the_limit()
    {
        AttestationFields full = new() { UserData = new byte[512], Nonce = new byte[512], PublicKey = new byte[1024] };
        Assert.InRange(Attest(_module).Length, 3000, 5300);
        Assert.InRange(Attest(_module, full).Length, 5000, 8000);
    }

    [Fact]
    public void An_unsigned_document_is_QEMUs()
    {
        using SoftwareNsmDevice module = new(new SoftwareNsmOptions { IsUnsigned = true }, _time);
        byte[] document = Attest(module);
        Assert.Equal("8443a10120a0", Convert.ToHexStringLower(document.AsSpan(0, 6)));
        AttestationDocument read = AttestationDocument.Parse(document);
        Assert.Equal(new byte[64], read.Certificate.ToArray());
        Assert.Equal(new byte[64], Assert.Single(read.CaBundle).ToArray());
        Assert.Equal(new byte[64], document[^64..]);
        Assert.True(module.RootCertificate.IsEmpty);
    }

    private static byte[] Attest(SoftwareNsmDevice module, AttestationFields fields = default)
    {
        byte[] response = new byte[NsmLimits.ResponseBytes];
        return NsmReplies.Attestation(response.AsSpan(0, module.Exchange(NsmRequests.Attestation(fields), response))).ToArray();
    }

    private static bool IsSigned(byte[] document)
    {
        CborReader reader = new(document, CborRules.WellFormed);
        CborItems items = reader.ReadArray();
        Assert.Equal(4, items.Count);
        byte[] header = reader.ReadByteString().ToArray();
        reader.Skip();
        byte[] payload = reader.ReadByteString().ToArray();
        byte[] signature = reader.ReadByteString().ToArray();
        byte[] signed = CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteArrayHeader(4);
            writer.WriteText("Signature1"u8);
            writer.WriteByteString(header);
            writer.WriteByteString([]);
            writer.WriteByteString(payload);
        });
        Assert.Equal(96, signature.Length);
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(AttestationDocument.Parse(document).Certificate.Span);
        using ECDsa key = leaf.GetECDsaPublicKey()!;
        return key.VerifyData(signed, signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static X509ChainStatusFlags Verify(AttestationDocument document, ReadOnlyMemory<byte> root, DateTimeOffset at)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(root.Span));
        foreach (ReadOnlyMemory<byte> authority in document.CaBundle.Skip(1))
        {
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(authority.Span));
        }

        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(document.Certificate.Span);
        bool isTrusted = chain.Build(leaf);
        X509ChainStatusFlags status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        Assert.Equal(isTrusted, status == X509ChainStatusFlags.NoError);
        return status;
    }
}
