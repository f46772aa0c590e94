namespace Init.Client;

/// <summary>What a client does by itself.</summary>
public sealed record EnclaveClientOptions
{
    /// <summary>Sends circuits, witnesses and proofs though nobody has attested and whoever is on the way can read them.</summary>
    public bool Insecure { get; init; }

    /// <summary>
    /// How long after a call's first attempt it is tried again: when the enclave is busy, after the pause that it asks for; when the
    /// connection is lost; when the enclave has changed its key. Zero: once only.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most connections at a time. Another is opened when all have as many requests under way as an enclave takes of one.</summary>
    public int MaxConnections { get; init; } = 4;

    /// <summary>The clock by which attestation documents are judged and pauses last.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
