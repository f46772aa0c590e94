namespace Init.Prover;

/// <summary>A verification key, as <c>bb write_vk</c> writes it.</summary>
/// <param name="Bytes">The file <c>vk</c>.</param>
/// <param name="Hash">The file <c>vk_hash</c>: 32 bytes; empty where the key was given to the prover, which then does not hash it.</param>
public sealed record VerificationKey(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Hash);

/// <summary>A proof, as <c>bb prove</c> writes it. Nothing of it is secret.</summary>
/// <param name="Bytes">The file <c>proof</c>: field elements of 32 bytes, big-endian.</param>
/// <param name="PublicInputs">The file <c>public_inputs</c>: field elements of 32 bytes, big-endian.</param>
/// <param name="Key">The key that it verifies under.</param>
public sealed record Proof(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> PublicInputs, VerificationKey Key);

/// <summary>The size of a circuit.</summary>
/// <param name="Gates">Gates after construction.</param>
/// <param name="DyadicGates">The next power of two that holds them with their overhead.</param>
/// <param name="AcirOpcodes">Opcodes of the ACIR program.</param>
public sealed record CircuitStatistics(long Gates, long DyadicGates, long AcirOpcodes);
