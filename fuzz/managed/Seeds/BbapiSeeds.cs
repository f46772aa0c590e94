using Init.Prover;
using Init.Prover.Barretenberg;
using Init.Prover.Gzip;
using Init.Prover.MessagePack;
using Init.Testing;

namespace Init.Fuzz.Seeds;

/// <summary>Requests for the target in C that gives them to the real library: fuzz/native/fuzz_bbapi.c.</summary>
/// <remarks>Proof and key are made by the copy of native bb that trusts the development SRS; <c>make test-inputs</c> makes that.</remarks>
internal static class BbapiSeeds
{
    private const int Points = 1025;
    private const int MaxPayloadBytes = 1 << 20;

    /// <summary>The request that loads the reference string.</summary>
    public static byte[] Setup()
    {
        using MemoryStream points = new();
        DevSrs.InsecureSrs.WriteG1(points, Points, _ => { });
        return Request(new SrsInitSrs(points.ToArray(), DevSrs.InsecureSrs.G2()));
    }

    /// <summary>Requests of every kind that the enclave sends, and a few that it never does.</summary>
    public static IEnumerable<byte[]> All()
    {
        TestCircuit tiny = TestCircuit.Named("tiny");
        ProofSettings settings = new();
        (byte[] key, byte[] proof, byte[] inputs) = Prove(tiny);
        GzipPayload witness = new("witness", tiny.Witness, MaxPayloadBytes);
        yield return Request(new CircuitStats(tiny.Circuit, settings));
        yield return Request(new CircuitComputeVk(tiny.Circuit, settings));
        yield return Request(new CircuitComputeVk(tiny.Circuit, settings with { OracleHash = OracleHash.Keccak, ZeroKnowledge = false }));
        yield return Request(new CircuitProve(tiny.Circuit, key, witness, settings));
        yield return Request(new CircuitProve(tiny.Circuit, default, witness, settings with { ZeroKnowledge = false }));
        yield return Request(new CircuitVerify(key, inputs, proof, settings));
        yield return Request(new CircuitVerify(key, inputs, proof.AsMemory(0, 20 * Field.ElementBytes), settings));
        yield return Request(new ChonkStart(2));
        yield return Request(new ChonkLoad(tiny.Circuit, default));
        yield return Request(new ChonkAccumulate(witness));
        yield return Request(new ChonkProve());
        yield return Request(new ChonkComputeVk(tiny.Circuit, UseZkFlavor: true));
        byte[] part = proof[..(5 * Field.ElementBytes)];
        yield return Request(new ChonkVerify(new ChonkProof(part, part, part, part, part), key));
        yield return Request(new Simple("Blake2s", "data"));
        yield return Request(new Simple("Poseidon2Hash", "inputs"));
        yield return Request(new Simple("VkAsFields", "verification_key"));
    }

    private static (byte[] Key, byte[] Proof, byte[] Inputs) Prove(TestCircuit circuit)
    {
        string folder = Places.Scratch("fuzz-bbapi");
        (int exitCode, string output) = NativeBb.WithDevSrs().Run(
            "prove", "--write_vk", "-b", circuit.Program, "-w", circuit.WitnessPath, "-o", folder);
        byte[] Read(string name) => File.ReadAllBytes(Path.Combine(folder, name));
        return exitCode == 0 ? (Read("vk"), Read("proof"), Read("public_inputs")) : throw new InvalidOperationException(output);
    }

    private static byte[] Request(ICommand command)
    {
        MessagePackWriter measuring = MessagePackWriter.Measuring();
        Write(ref measuring, command);
        byte[] request = new byte[measuring.Length];
        MessagePackWriter writer = new(request);
        Write(ref writer, command);
        return request;
    }

    private static void Write(ref MessagePackWriter writer, ICommand command)
    {
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(2);
        writer.WriteString(command.Name);
        command.WriteFields(ref writer);
    }

    private sealed record Simple(string Name, string FieldName) : ICommand
    {
        public void WriteFields(ref MessagePackWriter writer)
        {
            writer.WriteMapHeader(1);
            writer.WriteString(FieldName);
            if (FieldName != "inputs")
            {
                writer.WriteBinary(new byte[80]);
                return;
            }

            writer.WriteArrayHeader(2);
            writer.WriteBinary(new byte[Field.ElementBytes]);
            writer.WriteBinary(new byte[Field.ElementBytes]);
        }
    }
}
