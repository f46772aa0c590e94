namespace Init.Attestation;

/// <summary>What a document says. Known to be true only when the report is accepted.</summary>
public sealed record AttestationPayload
{
    internal AttestationPayload()
    {
    }

    /// <summary>The module that made it. Text from outside: it may hold anything.</summary>
    public required string ModuleId { get; init; }

    /// <summary>When it was made, by the hypervisor's clock, to the millisecond.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The PCRs, in the order of their numbers. There is a PCR0.</summary>
    public required IReadOnlyDictionary<int, PcrValue> Pcrs { get; init; }

    /// <summary>DER of the certificate whose key signed.</summary>
    public required ReadOnlyMemory<byte> Certificate { get; init; }

    /// <summary>DER of the certificates above, the root first; at least one.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> CaBundle { get; init; }

    /// <summary>What the enclave put there; null where it did not.</summary>
    public required ReadOnlyMemory<byte>? PublicKey { get; init; }

    /// <summary>What the enclave put there; null where it did not.</summary>
    public required ReadOnlyMemory<byte>? UserData { get; init; }

    /// <summary>What the enclave put there; null where it did not.</summary>
    public required ReadOnlyMemory<byte>? Nonce { get; init; }

    /// <summary>Whether the payload was a map of indefinite length.</summary>
    public required bool IsIndefinite { get; init; }
}
