namespace Init.Wire;

/// <summary>Bytes that a checksum has gone over: what another one needs of them to go over them too.</summary>
/// <param name="Before">That checksum, before the first of them.</param>
/// <param name="After">And after the last.</param>
/// <param name="Count">How many they are.</param>
public readonly record struct KnownBytes(Crc32C Before, Crc32C After, int Count);
