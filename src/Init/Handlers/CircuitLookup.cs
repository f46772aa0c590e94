using Init.Prover;
using Init.Proving;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>What requests say about circuits and settings, in the prover's terms.</summary>
internal static class CircuitLookup
{
    /// <summary>The circuit that a request names or brings along.</summary>
    /// <exception cref="RequestException">NotFound.</exception>
    /// <exception cref="ProverException">InvalidInput, TooLarge.</exception>
    public static MeasuredCircuit Find(this CircuitStore circuits, CircuitSource source) => source switch
    {
        CircuitSource.InlineCircuit inline => new MeasuredCircuit(new Circuit(inline.Bytecode)),
        CircuitSource.StoredCircuit stored => circuits.Find(new CircuitHash(stored.Sha256.Span))
            ?? throw new RequestException(ErrorCode.NotFound, "find circuit: none with this SHA-256 is stored"),
        _ => throw new RequestException(ErrorCode.Malformed, "find circuit: of an unknown kind"),
    };

    /// <summary>The prover's settings.</summary>
    public static ProofSettings ToProofSettings(this ProveSettings settings) => new()
    {
        OracleHash = settings.OracleHash switch
        {
            TranscriptHash.Keccak => OracleHash.Keccak,
            TranscriptHash.Starknet => OracleHash.Starknet,
            _ => OracleHash.Poseidon2,
        },
        ZeroKnowledge = settings.ZeroKnowledge,
        IpaAccumulation = settings.IpaAccumulation,
    };
}
