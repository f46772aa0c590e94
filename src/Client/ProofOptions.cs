using Init.Wire;

namespace Init.Client;

/// <summary>How a proof is made.</summary>
public sealed record ProofOptions
{
    /// <summary>What kind of proof.</summary>
    public ProveSettings Settings { get; init; } = new();

    /// <summary>The circuit's key, which saves computing it; none when empty.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Hands the proof out without verifying it first.</summary>
    public bool SkipVerification { get; init; }

    /// <summary>When the enclave gives up, in milliseconds since it has the request; 0 for its default.</summary>
    public uint DeadlineMs { get; init; }
}
