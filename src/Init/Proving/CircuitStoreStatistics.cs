namespace Init.Proving;

/// <summary>What a <see cref="CircuitStore"/> holds and did.</summary>
/// <param name="Circuits">Stored now.</param>
/// <param name="Bytes">Of bytecode, stored now.</param>
/// <param name="Evictions">Circuits dropped to make room, since the start.</param>
internal readonly record struct CircuitStoreStatistics(int Circuits, long Bytes, long Evictions);
