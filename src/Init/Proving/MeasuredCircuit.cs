using System.Collections.Concurrent;
using Init.Prover;

namespace Init.Proving;

/// <summary>A circuit, and what was found out about it under each kind of proof: its size and, while it is stored, its verification key.</summary>
/// <remarks>
/// Any thread. Two that want the same at once both compute it; the answers are equal. Nothing kept depends on a witness: a key comes
/// from an instance that saw the circuit alone, never from a client or a proof, where a witness that takes over the
/// sandbox could forge one for all who prove with the circuit later.
/// </remarks>
/// <param name="circuit">The circuit.</param>
/// <param name="isStored">Whether later requests come back to this object, so that its keys are worth keeping.</param>
internal sealed class MeasuredCircuit(Circuit circuit, bool isStored = false)
{
    /// <summary>The largest key that is kept, several times what they have: a hostile circuit's sandbox may answer with megabytes.</summary>
    public const int MaxKeptKeyBytes = 16 << 10;

    // A hash of three and two booleans: never more than twelve entries each.
    private readonly ConcurrentDictionary<ProofSettings, CircuitStatistics> _sizes = [];
    private readonly ConcurrentDictionary<ProofSettings, VerificationKey> _keys = [];

    /// <summary>The circuit.</summary>
    public Circuit Circuit { get; } = circuit;

    /// <summary>Whether later requests come back to this object.</summary>
    public bool IsStored { get; } = isStored;

    /// <summary>Its size, measured now if it is not known.</summary>
    public CircuitStatistics SizeFor(ProofSettings settings, Func<CircuitStatistics> measure) =>
        _sizes.GetOrAdd(settings, _ => measure());

    /// <summary>Its key when it was computed before and is kept; else null.</summary>
    public VerificationKey? KnownKey(ProofSettings settings) => _keys.GetValueOrDefault(settings);

    /// <summary>Its key, computed now if it is not kept.</summary>
    public VerificationKey KeyFor(ProofSettings settings, Func<VerificationKey> compute)
    {
        if (KnownKey(settings) is { } known)
        {
            return known;
        }

        VerificationKey key = compute();
        if (IsStored && key.Bytes.Length + key.Hash.Length <= MaxKeptKeyBytes)
        {
            _keys.TryAdd(settings, key);
        }

        return key;
    }
}
