namespace Init.Attestation;

/// <summary>Why a document was refused, or could not be judged; carried by <see cref="AttestationException"/> and by failed steps.</summary>
public enum AttestationError
{
    /// <summary>Not an attestation document: no COSE_Sign1, a field that is missing, of another type or outside its limit.</summary>
    Malformed,

    /// <summary>The policy, the nonce that is expected, or a root's certificate is not fit to verify with.</summary>
    Policy,

    /// <summary>The protected header is not <c>{1: -35}</c> (ES384).</summary>
    Algorithm,

    /// <summary>A simulator's document, which nobody signed, and the policy does not allow that.</summary>
    NotSigned,

    /// <summary>A certificate is no X.509 v3 certificate with a P-384 key signed by ECDSA with SHA-384, or has a critical extension that is not known.</summary>
    Certificate,

    /// <summary>The first certificate of the bundle is none that the policy trusts.</summary>
    UntrustedRoot,

    /// <summary>A certificate is not signed by the one above it, or one of them may not do what it does.</summary>
    Chain,

    /// <summary>A certificate is no longer valid.</summary>
    Expired,

    /// <summary>A certificate is not valid yet.</summary>
    NotYetValid,

    /// <summary>The leaf's key has not signed the document.</summary>
    Signature,

    /// <summary>The document is younger than the clock allows.</summary>
    FromTheFuture,

    /// <summary>The document is older than the policy allows.</summary>
    Stale,

    /// <summary>The document has another nonce than the one that is expected, or none.</summary>
    Nonce,

    /// <summary>PCR0 is zero: the parent reads the enclave's console. The policy does not allow that.</summary>
    DebugMode,

    /// <summary>The PCRs are none that the policy allows.</summary>
    Measurements,
}
