using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Init.Nsm;
using Init.Wire;

namespace Init.SystemTests;

/// <summary>Checks a document's signature and chain with .NET's own cryptography, against a root of the test's choice.</summary>
internal static class DocumentSignature
{
    /// <summary>Whether the leaf's key has signed the document (RFC 9052 section 4.4, ES384) and the leaf's chain leads to the root.</summary>
    public static bool IsBy(ReadOnlyMemory<byte> document, X509Certificate2 root)
    {
        CborReader reader = new(document.Span, CborRules.WellFormed);
        Assert.Equal(4, reader.ReadArray().Count);
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
        Assert.Equal("a1013822", Convert.ToHexStringLower(header)); // {1: -35}
        AttestationDocument parsed = AttestationDocument.Parse(document);
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(parsed.Certificate.Span);
        using ECDsa key = leaf.GetECDsaPublicKey()!;
        return key.VerifyData(signed, signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            && LeadsTo(root, leaf, parsed.CaBundle);
    }

    private static bool LeadsTo(X509Certificate2 root, X509Certificate2 leaf, IEnumerable<ReadOnlyMemory<byte>> bundle)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        foreach (ReadOnlyMemory<byte> authority in bundle.Skip(1))
        {
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(authority.Span));
        }

        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(leaf);
    }
}
