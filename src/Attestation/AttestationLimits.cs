namespace Init.Attestation;

/// <summary>The numbers of docs/attestation-verification.md, which a test compares with these.</summary>
public static class AttestationLimits
{
    /// <summary>Bytes of a document: the NSM's whole reply has no more (Linux drivers/misc/nsm.c). Real ones have 4.4 to 7.5 KB.</summary>
    public const int MaxDocumentBytes = 0x3000;

    /// <summary>Bytes of <c>module_id</c>, as UTF-8.</summary>
    public const int MaxModuleIdBytes = 128;

    /// <summary>Bytes of a certificate.</summary>
    public const int MaxCertificateBytes = 1024;

    /// <summary>Certificates in <c>cabundle</c>; real ones have four.</summary>
    public const int MaxBundleCertificates = 8;

    /// <summary>PCRs are numbered from 0 to one less.</summary>
    public const int Pcrs = 32;

    /// <summary>Bytes of a PCR: a SHA-384.</summary>
    public const int PcrBytes = 48;

    /// <summary>Bytes of <c>public_key</c>.</summary>
    public const int MaxPublicKeyBytes = 1024;

    /// <summary>Bytes of <c>user_data</c>.</summary>
    public const int MaxUserDataBytes = 512;

    /// <summary>Bytes of <c>nonce</c>.</summary>
    public const int MaxNonceBytes = 512;

    /// <summary>Bytes of a nonce that a caller may expect: fewer can be guessed or repeat.</summary>
    public const int MinNonceBytes = 16;

    /// <summary>Bytes of an ES384 signature: r ‖ s, 48 each (RFC 9053 section 2.1).</summary>
    public const int SignatureBytes = 96;
}
