namespace Init.Attestation;

/// <summary>What a document is checked for, in this order. Reports name them in lower case.</summary>
public enum AttestationStep
{
    /// <summary>A COSE_Sign1 with a payload whose fields are within their limits. A document that is not has no report.</summary>
    Document,

    /// <summary>ES384, by the protected header.</summary>
    Algorithm,

    /// <summary>Each certificate can be read.</summary>
    Certificates,

    /// <summary>The bundle's first certificate is trusted.</summary>
    Root,

    /// <summary>Each certificate is signed by the one above it, and each may do what it does.</summary>
    Chain,

    /// <summary>Each certificate is valid at the time of verification.</summary>
    Validity,

    /// <summary>The leaf's key has signed the document.</summary>
    Signature,

    /// <summary>The document is not too old and not from the future.</summary>
    Timestamp,

    /// <summary>The document has the nonce that is expected.</summary>
    Nonce,

    /// <summary>The enclave is not in debug mode.</summary>
    Debug,

    /// <summary>The PCRs are those of an allowed image.</summary>
    Measurements,
}
