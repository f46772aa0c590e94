using System.Collections.Concurrent;
using Init.Prover;

namespace Init.Proving;

/// <summary>A circuit and its size under each kind of proof, measured once: measuring builds the circuit, which takes a while.</summary>
/// <remarks>Any thread. Two that measure the same circuit at once both measure; the answers are equal.</remarks>
internal sealed class MeasuredCircuit(Circuit circuit)
{
    // A hash of three and two booleans: never more than twelve entries.
    private readonly ConcurrentDictionary<ProofSettings, CircuitStatistics> _sizes = [];

    /// <summary>The circuit.</summary>
    public Circuit Circuit { get; } = circuit;

    /// <summary>Its size, measured now if it is not known.</summary>
    public CircuitStatistics SizeFor(ProofSettings settings, Func<CircuitStatistics> measure) =>
        _sizes.GetOrAdd(settings, _ => measure());
}
