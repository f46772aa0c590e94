using Init.Prover;

namespace Init.Proving;

/// <summary>A proof and what it took.</summary>
/// <param name="Proof">The proof.</param>
/// <param name="Queued">From the request to a free thread.</param>
/// <param name="Proving">Measuring, waiting for memory, proving and verifying.</param>
internal sealed record TimedProof(Proof Proof, TimeSpan Queued, TimeSpan Proving);
