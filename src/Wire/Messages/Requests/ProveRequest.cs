namespace Init.Wire;

/// <summary>Prove.</summary>
public sealed record ProveRequest : Request
{
    /// <summary>The circuit.</summary>
    public required CircuitSource Circuit { get; init; }

    /// <summary>Noir's <c>witness.gz</c>. Not empty.</summary>
    public required ReadOnlyMemory<byte> Witness { get; init; }

    /// <summary>What kind of proof.</summary>
    public required ProveSettings Settings { get; init; }

    /// <summary>The circuit's key, which saves computing it; none when empty.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Hands the proof out without verifying it first.</summary>
    public bool SkipVerification { get; init; }

    /// <summary>Asks for progress events.</summary>
    public bool WantsProgress { get; init; }

    /// <inheritdoc/>
    public override Operation Operation => Operation.Prove;

    internal override void WriteArguments(ref CborWriter writer)
    {
        writer.WriteMapHeader(Key.IsEmpty ? 5 : 6);
        Circuit.Write(ref writer);
        writer.WriteUInt64(3);
        writer.WriteByteString(Witness.Span);
        writer.WriteUInt64(4);
        Settings.Write(ref writer);
        if (!Key.IsEmpty)
        {
            writer.WriteUInt64(5);
            writer.WriteByteString(Key.Span);
        }

        writer.WriteUInt64(6);
        writer.WriteBoolean(SkipVerification);
        writer.WriteUInt64(7);
        writer.WriteBoolean(WantsProgress);
    }

    internal static ProveRequest ReadArguments(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("prove");
        CircuitSource circuit = CircuitSource.Read(ref reader, ref fields);
        reader.ReadKey(ref fields, 3);
        ReadOnlyMemory<byte> witness = reader.ReadBytes("witness", min: 1);
        reader.ReadKey(ref fields, 4);
        ProveSettings settings = ProveSettings.Read(ref reader);
        ReadOnlyMemory<byte> key = reader.TryReadKey(ref fields, 5) ? reader.ReadBytes("key", min: 1) : default;
        reader.ReadKey(ref fields, 6);
        bool skipVerification = reader.ReadBoolean();
        reader.ReadKey(ref fields, 7);
        bool wantsProgress = reader.ReadBoolean();
        fields.ReadEnd();
        return new ProveRequest
        {
            Circuit = circuit,
            Witness = witness,
            Settings = settings,
            Key = key,
            SkipVerification = skipVerification,
            WantsProgress = wantsProgress,
        };
    }
}
