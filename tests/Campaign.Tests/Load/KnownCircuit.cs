using Init.Prover;
using Init.Prover.Noir;
using Init.Testing;
using Init.Wire;

namespace Init.Campaign.Tests.Load;

/// <summary>A circuit whose key and public inputs native bb has told, so that an answer that is wrong is known to be.</summary>
internal sealed class KnownCircuit
{
    private readonly string _scratch;

    public KnownCircuit(string name, string scratch)
    {
        _scratch = scratch;
        TestCircuit circuit = TestCircuit.Named(name);
        Bytecode = NoirProgram.ExtractBytecode(File.ReadAllBytes(circuit.Program));
        Witness = circuit.Witness;
        Proof proof = NativeBb.Unmodified().Prove(Places.Scratch(scratch), circuit, ProofSettings.Default);
        (Key, PublicInputs, Proof) = (proof.Key.Bytes, proof.PublicInputs, proof.Bytes);
    }

    /// <summary>ACIR, gzip.</summary>
    public ReadOnlyMemory<byte> Bytecode { get; }

    public byte[] Witness { get; }

    /// <summary>bb's key.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>bb's public inputs.</summary>
    public ReadOnlyMemory<byte> PublicInputs { get; }

    /// <summary>A proof that bb made.</summary>
    public ReadOnlyMemory<byte> Proof { get; }

    /// <summary>A request to prove it.</summary>
    public ProveRequest Prove(uint deadlineMs = 0) => new()
    {
        Circuit = new CircuitSource.InlineCircuit(Bytecode),
        Witness = Witness,
        Settings = new ProveSettings(),
        DeadlineMs = deadlineMs,
    };

    /// <summary>Whether the reply has this circuit's key and this witness's public inputs. Whether the proof is one, bb says later.</summary>
    public bool IsRight(ProveReply reply) => reply.Key.Span.SequenceEqual(Key.Span) && reply.PublicInputs.Span.SequenceEqual(PublicInputs.Span);

    /// <summary>Whether the unmodified native bb accepts a proof, under the key that came with it.</summary>
    public bool BbAccepts(ProveReply reply) =>
        NativeBb.Unmodified().Verifies(Places.Scratch(_scratch), reply.Key.Span, reply.Proof.Span, reply.PublicInputs.Span, ProofSettings.Default);
}
