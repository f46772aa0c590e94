using Init.Prover.Gzip;
using Init.Prover.MessagePack;

namespace Init.Prover.Barretenberg;

internal sealed record ChonkComputeVk(Circuit Circuit, bool UseZkFlavor) : ICommand
{
    public string Name => "ChonkComputeVk";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteString("circuit"u8);
        Fields.WriteCircuitWithoutKey(ref writer, Circuit);
        writer.WriteString("use_zk_flavor"u8);
        writer.WriteBoolean(UseZkFlavor);
    }
}

internal sealed record ChonkStart(int Circuits) : ICommand
{
    public string Name => "ChonkStart";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteString("num_circuits"u8);
        writer.WriteUInt64((ulong)Circuits);
    }
}

internal sealed record ChonkLoad(Circuit Circuit, ReadOnlyMemory<byte> Key) : ICommand
{
    public string Name => "ChonkLoad";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteString("circuit"u8);
        Fields.WriteCircuit(ref writer, Circuit, Key.Span);
    }
}

internal sealed record ChonkAccumulate(GzipPayload Witness) : ICommand
{
    public string Name => "ChonkAccumulate";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteString("witness"u8);
        Witness.Write(ref writer);
    }
}

internal sealed record ChonkProve : ICommand
{
    public string Name => "ChonkProve";

    public void WriteFields(ref MessagePackWriter writer) => writer.WriteMapHeader(0);
}

internal sealed record ChonkVerify(ChonkProof Proof, ReadOnlyMemory<byte> Key) : ICommand
{
    public string Name => "ChonkVerify";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteString("proof"u8);
        writer.WriteMapHeader(5);
        WriteTranscript(ref writer, "hiding_oink_proof"u8, Proof.HidingOinkProof);
        WriteTranscript(ref writer, "merge_proof"u8, Proof.MergeProof);
        WriteTranscript(ref writer, "eccvm_proof"u8, Proof.EccvmProof);
        WriteTranscript(ref writer, "ipa_proof"u8, Proof.IpaProof);
        WriteTranscript(ref writer, "joint_proof"u8, Proof.JointProof);
        writer.WriteString("vk"u8);
        writer.WriteBinary(Key.Span);
    }

    private static void WriteTranscript(ref MessagePackWriter writer, ReadOnlySpan<byte> key, ReadOnlyMemory<byte> elements)
    {
        writer.WriteString(key);
        Fields.WriteFieldElements(ref writer, elements.Span);
    }
}
