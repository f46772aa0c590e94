using Init.Prover.Barretenberg;
using Init.Testing;

namespace Init.Prover.DevSrs.Tests;

/// <summary>Circuits whose gates are of other kinds, with each transcript hash, with and without zero knowledge: native bb is the judge.</summary>
[Collection(DevSrsGroup.Name)]
public sealed class ShapeTests(DevSrsProver provers)
{
    private static readonly string[] Circuits = ["small", "lookups", "sha256", "keccak", "curve", "ecdsa"];

    /// <summary>Each circuit with bb's defaults and with all that differs from them; the smaller ones with everything.</summary>
    public static TheoryData<string, OracleHash, bool> Shapes { get; } = MakeShapes();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Keys_are_byte_identical_to_native_bb_and_proofs_verify_both_ways(string name, OracleHash hash, bool zeroKnowledge)
    {
        ProofSettings settings = new() { OracleHash = hash, ZeroKnowledge = zeroKnowledge };
        TestCircuit circuit = TestCircuit.OfProject(name);
        string scratch = Places.Scratch(nameof(ShapeTests));
        Proof theirs = provers.Bb.Prove(scratch, circuit, settings);
        Proof ours = provers.Prover.Prove(circuit.Circuit, circuit.Witness, new ProveOptions { Settings = settings }, CallLimits.None);
        Assert.Equal(theirs.Key.Bytes.ToArray(), ours.Key.Bytes.ToArray());
        Assert.Equal(theirs.Key.Hash.ToArray(), ours.Key.Hash.ToArray());
        Assert.Equal(theirs.PublicInputs.ToArray(), ours.PublicInputs.ToArray());
        Assert.Equal(theirs.Bytes.Length, ours.Bytes.Length);
        Assert.True(provers.Bb.Verifies(scratch, ours, settings));
        Assert.True(provers.Prover.Verify(theirs.Key.Bytes, theirs.Bytes, theirs.PublicInputs, settings, CallLimits.None));
        Assert.False(ours.Bytes.Span.SequenceEqual(theirs.Bytes.Span) && zeroKnowledge, "two proofs with the same blinding");
    }

    [Theory]
    [InlineData(CpuFeatures.None)]
    [InlineData(CpuFeatures.Ifma)]
    [InlineData(CpuFeatures.Avx512)]
    [InlineData(CpuFeatures.Avx512 | CpuFeatures.Adx)]
    public void With_less_of_the_CPU_the_key_is_the_same_and_native_bb_accepts_the_proof(CpuFeatures without)
    {
        TestCircuit circuit = TestCircuit.OfProject("sha256");
        string scratch = Places.Scratch(nameof(ShapeTests));
        byte[] key = provers.Bb.Key(scratch, circuit, ProofSettings.Default);
        using BarretenbergProver prover = provers.Create(new ProverOptions { Threads = 2, Without = without });
        try
        {
            Proof proof = prover.Prove(circuit.Circuit, circuit.Witness, ProveOptions.Default, CallLimits.None);
            Assert.Equal(key, proof.Key.Bytes.ToArray());
            Assert.True(provers.Bb.Verifies(scratch, proof, ProofSettings.Default));
        }
        finally
        {
            provers.Create(new ProverOptions()).Dispose(); // what a prover does without, the whole process does without
        }
    }

    private static TheoryData<string, OracleHash, bool> MakeShapes()
    {
        TheoryData<string, OracleHash, bool> shapes = [];
        foreach (string name in Circuits)
        {
            shapes.Add(name, OracleHash.Poseidon2, true);
            shapes.Add(name, OracleHash.Keccak, false);
            if (name is "small" or "lookups")
            {
                shapes.Add(name, OracleHash.Poseidon2, false);
                shapes.Add(name, OracleHash.Keccak, true);
            }
        }

        return shapes;
    }
}
