namespace Init.Wire;

/// <summary>What kind of UltraHonk proof. A key, a proof and its verification must agree on all of it.</summary>
public sealed record ProveSettings
{
    /// <summary>The transcript's hash.</summary>
    public TranscriptHash OracleHash { get; init; } = TranscriptHash.Poseidon2;

    /// <summary>Whether the proof hides the witness.</summary>
    public bool ZeroKnowledge { get; init; } = true;

    /// <summary>Whether the proof carries an IPA claim.</summary>
    public bool IpaAccumulation { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteUInt64(1);
        writer.WriteUInt64((ulong)OracleHash);
        writer.WriteUInt64(2);
        writer.WriteBoolean(ZeroKnowledge);
        writer.WriteUInt64(3);
        writer.WriteBoolean(IpaAccumulation);
    }

    internal static ProveSettings Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("settings");
        reader.ReadKey(ref fields, 1);
        TranscriptHash hash = (TranscriptHash)reader.ReadEnum((byte)TranscriptHash.Poseidon2, (byte)TranscriptHash.Starknet, "oracle_hash");
        reader.ReadKey(ref fields, 2);
        bool zeroKnowledge = reader.ReadBoolean();
        reader.ReadKey(ref fields, 3);
        bool ipaAccumulation = reader.ReadBoolean();
        fields.ReadEnd();
        return new ProveSettings { OracleHash = hash, ZeroKnowledge = zeroKnowledge, IpaAccumulation = ipaAccumulation };
    }
}
