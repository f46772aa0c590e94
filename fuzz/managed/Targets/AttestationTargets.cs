using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Init.Attestation;
using Init.Attestation.Certificates;
using Init.Attestation.Cose;
using Init.Attestation.Tests;
using Init.Nsm;
using Init.Testing;

namespace Init.Fuzz.Targets;

/// <summary>Attestation documents and their certificates.</summary>
/// <remarks>
/// The documents in the corpus are signed by a PKI whose root alone is kept: corpus/attestation-root.der. So whatever is accepted says what one
/// of them says, byte for byte; its signature may be the other of the two that ECDSA has. A certificate that is read is one for OpenSSL, too, with
/// the same names, times and key.
/// </remarks>
internal static class AttestationTargets
{
    private const string RootFile = "attestation-root.der";
    private const int MaxDocumentBytes = 8192;

    private static readonly Lazy<byte[]> Root = new(() => File.ReadAllBytes(Path.Combine(Corpus.Folder, RootFile)));
    private static readonly Lazy<HashSet<string>> Signed = new(() =>
        [.. Corpus.Files("attestation").Where(file => Path.GetFileName(file).StartsWith("seed-", StringComparison.Ordinal))
            .Select(file => Convert.ToHexString(CoseSign1.Parse(File.ReadAllBytes(file)).ToBeSigned()))]);

    private static readonly Lazy<AttestationVerifier> Verifier = new(() => new AttestationVerifier(
        new AttestationPolicy { Roots = [AttestationRoot.FromCertificate("fuzz", Root.Value)], AllowUnsigned = true }, new ManualTime(Forge.Now)));

    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("attestation", bytes => Refusal.Of<AttestationException>(() => Verifier.Value.Verify(bytes).ToText()))
        {
            CheckAccepted = CheckDocument,
            MaxBytes = MaxDocumentBytes,
            AllocationLimit = bytes => (128 * 1024) + (40L * bytes), // the report's text
            Seeds = DocumentSeeds,
        },
        new("certificate", bytes => Refusal.Of<AttestationException>(() => NitroCertificate.Parse(bytes)))
        {
            CheckAccepted = CheckCertificate,
            MaxBytes = 1500,
            Seeds = CertificateSeeds,
        },
    ];

    private static void CheckDocument(byte[] bytes)
    {
        AttestationReport report = Verifier.Value.Verify(bytes);
        if (report.IsAccepted && report.Trust != AttestationTrust.NotSigned)
        {
            Assert.Contains(Convert.ToHexString(CoseSign1.Parse(bytes).ToBeSigned()), Signed.Value);
        }

        // The enclave reads its own documents by other code: what both read is the same.
        try
        {
            AttestationDocument own = AttestationDocument.Parse(bytes);
            Assert.Equal(report.Claims.Timestamp, own.Timestamp);
            Assert.Equal(report.Claims.ModuleId, own.ModuleId);
            Assert.True(own.Certificate.Span.SequenceEqual(report.Claims.Certificate.Span));
            Assert.True(own.Nonce.Span.SequenceEqual((report.Claims.Nonce ?? default).Span));
            Assert.Equal(report.Claims.Pcrs.Keys.Order(), own.Pcrs.Keys.Order());
        }
        catch (NsmException)
        {
            // It is the stricter of the two about some things: lengths, which fields there must be.
        }
    }

    private static void CheckCertificate(byte[] bytes)
    {
        NitroCertificate ours = NitroCertificate.Parse(bytes);
        X509Certificate2 theirs;
        try
        {
            theirs = X509CertificateLoader.LoadCertificate(bytes);
        }
        catch (CryptographicException e)
        {
            throw new InvalidOperationException("OpenSSL reads no certificate in what was accepted", e);
        }

        using (theirs)
        {
            Assert.True(theirs.SubjectName.RawData.AsSpan().SequenceEqual(ours.Subject.Span), "subject");
            Assert.True(theirs.IssuerName.RawData.AsSpan().SequenceEqual(ours.Issuer.Span), "issuer");
            Assert.Equal(theirs.NotBefore.ToUniversalTime(), ours.NotBefore.UtcDateTime);
            Assert.Equal(theirs.NotAfter.ToUniversalTime(), ours.NotAfter.UtcDateTime);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), ours.Sha256);
        }
    }

    // Writes the root beside the documents, since it belongs to them alone.
    private static IEnumerable<byte[]> DocumentSeeds()
    {
        Forge forge = new();
        File.WriteAllBytes(Path.Combine(Corpus.Folder, RootFile), forge.RootCertificate);
        yield return forge.Make();
        forge.IsIndefinite = true;
        forge.Prefix = [0xd2];
        yield return forge.Make();
        forge.Nonce = Attestation.Tests.Cbor.Bytes(Forge.SomeNonce);
        forge.BendBundle = bundle => bundle[..^1];
        yield return forge.Make();
        yield return new Forge { ProtectedHeader = [0xa1, 0x01, 0x20], BendSignature = _ => new byte[64], BendBundle = _ => [new byte[64]] }.Make();
    }

    private static IEnumerable<byte[]> CertificateSeeds()
    {
        Forge forge = new();
        yield return forge.RootCertificate;
        yield return forge.Authorities[3].Make(forge.Authorities[2]);
        yield return forge.Leaf.Make(forge.Authorities[3]);
    }
}
