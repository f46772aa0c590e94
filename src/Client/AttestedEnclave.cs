using Init.Attestation;
using Init.Sealing;
using Init.Wire;

namespace Init.Client;

/// <summary>An enclave whose attestation document was accepted: what it runs, and the key that requests are sealed to.</summary>
public sealed class AttestedEnclave
{
    private AttestedEnclave(AttestationReport report, EnclaveStatement statement, HpkePublicKey publicKey, ReadOnlyMemory<byte> keyId) =>
        (Report, Statement, PublicKey, KeyId) = (report, statement, publicKey, keyId);

    /// <summary>Every step of the verification; an accepted report.</summary>
    public AttestationReport Report { get; }

    /// <summary>What the enclave says of itself in the document.</summary>
    public EnclaveStatement Statement { get; }

    /// <summary>SHA-256 of the attested key, 32 bytes.</summary>
    public ReadOnlyMemory<byte> KeyId { get; }

    /// <summary>The attested key.</summary>
    internal HpkePublicKey PublicKey { get; }

    /// <summary>Judges a document.</summary>
    /// <param name="document">As the enclave sent it.</param>
    /// <param name="nonce">That it must answer.</param>
    /// <param name="verifier">With the caller's policy.</param>
    /// <exception cref="ClientException">AttestationRefused.</exception>
    internal static AttestedEnclave Of(ReadOnlyMemory<byte> document, ReadOnlySpan<byte> nonce, AttestationVerifier verifier)
    {
        try
        {
            AttestationReport report = verifier.Verify(document.Span, nonce);
            if (!report.IsAccepted)
            {
                throw new ClientException(report);
            }

            AttestationPayload claims = report.RequireAccepted();
            ReadOnlyMemory<byte> info = claims.PublicKey.GetValueOrDefault();
            HpkePublicKey key = HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, info.Span);
            EnclaveStatement statement = EnclaveStatement.Decode(claims.UserData.GetValueOrDefault().ToArray());
            return new AttestedEnclave(report, statement, key, KeyRing.IdOf(info.Span));
        }
        catch (Exception exception) when (exception is AttestationException or SealingException or WireException)
        {
            throw new ClientException(ClientError.AttestationRefused, $"attest: {exception.Message}", exception);
        }
    }
}
