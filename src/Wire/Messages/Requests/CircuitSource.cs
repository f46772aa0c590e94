namespace Init.Wire;

/// <summary>Where a circuit comes from: an <see cref="InlineCircuit"/> or a <see cref="StoredCircuit"/>.</summary>
public abstract record CircuitSource
{
    private const ulong InlineKey = 1;
    private const ulong StoredKey = 2;

    private protected CircuitSource()
    {
    }

    private protected abstract ulong Key { get; }

    private protected abstract ReadOnlyMemory<byte> Value { get; }

    /// <summary>Writes the one field that it is in its request's arguments.</summary>
    internal void Write(ref CborWriter writer)
    {
        writer.WriteUInt64(Key);
        writer.WriteByteString(Value.Span);
    }

    /// <summary>Reads that field. Both, or neither, are malformed.</summary>
    internal static CircuitSource Read(ref MessageReader reader, ref MapFields fields)
    {
        if (reader.TryReadKey(ref fields, InlineKey))
        {
            return new InlineCircuit(reader.ReadBytes("bytecode", min: 1));
        }

        reader.ReadKey(ref fields, StoredKey);
        return new StoredCircuit(reader.ReadBytes("circuit's SHA-256", WireLimits.CircuitDigestBytes, WireLimits.CircuitDigestBytes));
    }

    /// <summary>Sent along.</summary>
    /// <param name="Bytecode">ACIR, gzip as Noir writes it. Not empty.</param>
    public sealed record InlineCircuit(ReadOnlyMemory<byte> Bytecode) : CircuitSource
    {
        private protected override ulong Key => InlineKey;

        private protected override ReadOnlyMemory<byte> Value => Bytecode;
    }

    /// <summary>Stored by an earlier request.</summary>
    /// <param name="Sha256">Of the bytecode as it was sent, 32 bytes.</param>
    public sealed record StoredCircuit(ReadOnlyMemory<byte> Sha256) : CircuitSource
    {
        private protected override ulong Key => StoredKey;

        private protected override ReadOnlyMemory<byte> Value => Sha256;
    }
}
