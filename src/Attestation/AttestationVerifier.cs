namespace Init.Attestation;

/// <summary>Verifies attestation documents under one policy. Any number of threads may call.</summary>
public sealed class AttestationVerifier
{
    private readonly AttestationPolicy _policy;
    private readonly TimeProvider _time;

    /// <param name="policy">What a document must be. Its lists must not change while the verifier is in use.</param>
    /// <param name="time">The clock by which certificates and timestamps are judged.</param>
    /// <exception cref="AttestationException">Policy.</exception>
    public AttestationVerifier(AttestationPolicy policy, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(time);
        policy.Validate();
        _policy = policy;
        _time = time;
    }

    /// <summary>Judges a document.</summary>
    /// <param name="document">A COSE_Sign1, tagged or not. It is copied: what becomes of it later does not matter.</param>
    /// <exception cref="AttestationException">Malformed: it is no attestation document at all.</exception>
    public AttestationReport Verify(ReadOnlySpan<byte> document) => Verification.Run(_policy, _time.GetUtcNow(), document, expectedNonce: null);

    /// <summary>Judges a document that must answer a nonce.</summary>
    /// <param name="document">A COSE_Sign1, tagged or not. It is copied: what becomes of it later does not matter.</param>
    /// <param name="expectedNonce">16 to 512 bytes, chosen anew for each document.</param>
    /// <exception cref="AttestationException">Malformed: it is no attestation document at all. Policy: the nonce's length.</exception>
    public AttestationReport Verify(ReadOnlySpan<byte> document, ReadOnlySpan<byte> expectedNonce) =>
        expectedNonce.Length is >= AttestationLimits.MinNonceBytes and <= AttestationLimits.MaxNonceBytes
            ? Verification.Run(_policy, _time.GetUtcNow(), document, expectedNonce.ToArray())
            : throw new AttestationException(
                AttestationError.Policy,
                $"verify attestation document: a nonce of {expectedNonce.Length} bytes is expected, not {AttestationLimits.MinNonceBytes} to {AttestationLimits.MaxNonceBytes}");
}
