namespace Init.Wire;

/// <summary>The hash of the Fiat-Shamir transcript; bb's <c>--oracle_hash</c>.</summary>
public enum TranscriptHash : byte
{
    /// <summary>For recursion in Noir.</summary>
    Poseidon2 = 0,

    /// <summary>For verifiers on Ethereum.</summary>
    Keccak = 1,

    /// <summary>For verifiers on Starknet.</summary>
    Starknet = 2,
}
