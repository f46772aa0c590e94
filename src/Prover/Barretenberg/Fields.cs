using Init.Prover.MessagePack;

namespace Init.Prover.Barretenberg;

/// <summary>The structs that several commands share.</summary>
internal static class Fields
{
    public static void WriteCircuit(ref MessagePackWriter writer, Circuit circuit, ReadOnlySpan<byte> key)
    {
        writer.WriteMapHeader(3);
        WriteNameAndBytecode(ref writer, circuit);
        writer.WriteString("verification_key"u8);
        writer.WriteBinary(key);
    }

    public static void WriteCircuitWithoutKey(ref MessagePackWriter writer, Circuit circuit)
    {
        writer.WriteMapHeader(2);
        WriteNameAndBytecode(ref writer, circuit);
    }

    public static void WriteSettings(ref MessagePackWriter writer, ProofSettings settings)
    {
        writer.WriteMapHeader(4);
        writer.WriteString("ipa_accumulation"u8);
        writer.WriteBoolean(settings.IpaAccumulation);
        writer.WriteString("oracle_hash_type"u8);
        writer.WriteString(settings.OracleHash switch
        {
            OracleHash.Poseidon2 => "poseidon2"u8,
            OracleHash.Keccak => "keccak"u8,
            OracleHash.Starknet => "starknet"u8,
            _ => throw new ProverException(ProverError.InvalidInput, $"write settings: oracle hash {settings.OracleHash}"),
        });
        writer.WriteString("disable_zk"u8);
        writer.WriteBoolean(!settings.ZeroKnowledge);
        writer.WriteString("optimized_solidity_verifier"u8);
        writer.WriteBoolean(false);
    }

    /// <summary>An array of binaries of 32 bytes; the length was checked (<see cref="Field.RequireElements"/>).</summary>
    public static void WriteFieldElements(ref MessagePackWriter writer, ReadOnlySpan<byte> elements)
    {
        writer.WriteArrayHeader(elements.Length / Field.ElementBytes);
        for (; !elements.IsEmpty; elements = elements[Field.ElementBytes..])
        {
            writer.WriteBinary(elements[..Field.ElementBytes]);
        }
    }

    private static void WriteNameAndBytecode(ref MessagePackWriter writer, Circuit circuit)
    {
        writer.WriteString("name"u8);
        writer.WriteString(circuit.Name);
        writer.WriteString("bytecode"u8);
        circuit.Bytecode.Write(ref writer);
    }
}
