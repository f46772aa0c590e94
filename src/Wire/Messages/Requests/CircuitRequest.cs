namespace Init.Wire;

/// <summary>Store this circuit under its SHA-256, for later requests.</summary>
/// <param name="Bytecode">ACIR, gzip as Noir writes it. Not empty.</param>
public sealed record CircuitRequest(ReadOnlyMemory<byte> Bytecode) : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Circuit;

    internal override void WriteArguments(ref CborWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteByteString(Bytecode.Span);
    }

    internal static CircuitRequest ReadArguments(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("circuit");
        reader.ReadKey(ref fields, 1);
        ReadOnlyMemory<byte> bytecode = reader.ReadBytes("bytecode", min: 1);
        fields.ReadEnd();
        return new CircuitRequest(bytecode);
    }
}
