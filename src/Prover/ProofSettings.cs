namespace Init.Prover;

/// <summary>The hash of the Fiat-Shamir transcript.</summary>
public enum OracleHash
{
    /// <summary>For recursion in Noir; bb's default.</summary>
    Poseidon2,

    /// <summary>For verifiers on Ethereum.</summary>
    Keccak,

    /// <summary>For verifiers on Starknet. bb 5.0.0 as published knows the name and refuses it.</summary>
    Starknet,
}

/// <summary>What kind of UltraHonk proof. A key, a proof and its verification must agree on all of it.</summary>
public sealed record ProofSettings
{
    /// <summary>bb's defaults: poseidon2, zero knowledge.</summary>
    public static ProofSettings Default { get; } = new();

    /// <summary>The transcript's hash.</summary>
    public OracleHash OracleHash { get; init; } = OracleHash.Poseidon2;

    /// <summary>Whether the proof hides the witness. Turn it off only where the witness is public.</summary>
    public bool ZeroKnowledge { get; init; } = true;

    /// <summary>Whether the proof carries an IPA claim (rollup circuits; needs the Grumpkin points).</summary>
    public bool IpaAccumulation { get; init; }
}
