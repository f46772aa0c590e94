using Init.Prover.Gzip;
using Init.Prover.MessagePack;

namespace Init.Prover.Barretenberg;

/// <summary>One bbapi command: its name and its fields, in the order and under the keys of bb 5.0.0's schema.</summary>
/// <remarks>Source: the schema in npm's @aztec/bb.js 5.0.0, dest/node/cbind/generated/api_types.d.ts, keys in snake case.</remarks>
internal interface ICommand
{
    /// <summary>The schema's name.</summary>
    string Name { get; }

    /// <summary>The name of the reply.</summary>
    string ReplyName => Name + "Response";

    /// <summary>Writes the map of fields. Runs twice: to measure, then to write.</summary>
    void WriteFields(ref MessagePackWriter writer);
}

internal sealed record SrsInitSrs(ReadOnlyMemory<byte> Points, ReadOnlyMemory<byte> G2) : ICommand
{
    public string Name => "SrsInitSrs";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteString("points_buf"u8);
        writer.WriteBinary(Points.Span);
        writer.WriteString("num_points"u8);
        writer.WriteUInt64((ulong)Points.Length / Field.PointBytes);
        writer.WriteString("g2_point"u8);
        writer.WriteBinary(G2.Span);
    }
}

internal sealed record SrsInitGrumpkinSrs(ReadOnlyMemory<byte> Points) : ICommand
{
    public string Name => "SrsInitGrumpkinSrs";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteString("points_buf"u8);
        writer.WriteBinary(Points.Span);
        writer.WriteString("num_points"u8);
        writer.WriteUInt64((ulong)Points.Length / Field.PointBytes);
    }
}

internal sealed record CircuitComputeVk(Circuit Circuit, ProofSettings Settings) : ICommand
{
    public string Name => "CircuitComputeVk";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteString("circuit"u8);
        Fields.WriteCircuitWithoutKey(ref writer, Circuit);
        writer.WriteString("settings"u8);
        Fields.WriteSettings(ref writer, Settings);
    }
}

internal sealed record CircuitProve(Circuit Circuit, ReadOnlyMemory<byte> Key, GzipPayload Witness, ProofSettings Settings) : ICommand
{
    public string Name => "CircuitProve";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteString("circuit"u8);
        Fields.WriteCircuit(ref writer, Circuit, Key.Span);
        writer.WriteString("witness"u8);
        Witness.Write(ref writer);
        writer.WriteString("settings"u8);
        Fields.WriteSettings(ref writer, Settings);
    }
}

internal sealed record CircuitStats(Circuit Circuit, ProofSettings Settings) : ICommand
{
    public string Name => "CircuitStats";

    public string ReplyName => "CircuitInfoResponse";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteString("circuit"u8);
        Fields.WriteCircuit(ref writer, Circuit, default);
        writer.WriteString("include_gates_per_opcode"u8);
        writer.WriteBoolean(false);
        writer.WriteString("settings"u8);
        Fields.WriteSettings(ref writer, Settings);
    }
}

internal sealed record CircuitVerify(
    ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> PublicInputs, ReadOnlyMemory<byte> Proof, ProofSettings Settings) : ICommand
{
    public string Name => "CircuitVerify";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(4);
        writer.WriteString("verification_key"u8);
        writer.WriteBinary(Key.Span);
        writer.WriteString("public_inputs"u8);
        Fields.WriteFieldElements(ref writer, PublicInputs.Span);
        writer.WriteString("proof"u8);
        Fields.WriteFieldElements(ref writer, Proof.Span);
        writer.WriteString("settings"u8);
        Fields.WriteSettings(ref writer, Settings);
    }
}
