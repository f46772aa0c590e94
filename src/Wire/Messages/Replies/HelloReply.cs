namespace Init.Wire;

/// <summary>Who answers, and what it allows.</summary>
public sealed record HelloReply : Reply
{
    /// <summary>The version of the protocol that was chosen.</summary>
    public required uint Version { get; init; }

    /// <summary>The server's name.</summary>
    public required string Server { get; init; }

    /// <summary>Its version.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>What it allows.</summary>
    public required ServerLimits Limits { get; init; }

    /// <summary>Barretenberg's version.</summary>
    public required string ProverVersion { get; init; }

    /// <summary><c>ignition</c>, or the insecure development SRS's label.</summary>
    public required string SrsKind { get; init; }

    /// <summary>SHA-384 of the configuration, 48 bytes: PCR16 was extended with it.</summary>
    public required ReadOnlyMemory<byte> ConfigurationDigest { get; init; }

    /// <summary>The NSM's <c>module_id</c>.</summary>
    public required string ModuleId { get; init; }

    /// <summary>Whether <c>shutdown</c> is not refused.</summary>
    public required bool ShutdownAllowed { get; init; }

    /// <inheritdoc/>
    public override Operation Operation => Operation.Hello;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(9);
        writer.WriteUInt64(1);
        writer.WriteUInt64(Version);
        writer.WriteUInt64(2);
        writer.WriteText(Server);
        writer.WriteUInt64(3);
        writer.WriteText(ServerVersion);
        writer.WriteUInt64(4);
        Limits.Write(ref writer);
        writer.WriteUInt64(5);
        writer.WriteText(ProverVersion);
        writer.WriteUInt64(6);
        writer.WriteText(SrsKind);
        writer.WriteUInt64(7);
        writer.WriteByteString(ConfigurationDigest.Span);
        writer.WriteUInt64(8);
        writer.WriteText(ModuleId);
        writer.WriteUInt64(9);
        writer.WriteBoolean(ShutdownAllowed);
    }

    internal static HelloReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("hello reply");
        reader.ReadKey(ref fields, 1);
        uint version = reader.ReadUInt32();
        reader.ReadKey(ref fields, 2);
        string server = reader.ReadText(WireLimits.MaxNameBytes);
        reader.ReadKey(ref fields, 3);
        string serverVersion = reader.ReadText(WireLimits.MaxNameBytes);
        reader.ReadKey(ref fields, 4);
        ServerLimits limits = ServerLimits.Read(ref reader);
        reader.ReadKey(ref fields, 5);
        string proverVersion = reader.ReadText(WireLimits.MaxNameBytes);
        reader.ReadKey(ref fields, 6);
        string srsKind = reader.ReadText(WireLimits.MaxNameBytes);
        reader.ReadKey(ref fields, 7);
        ReadOnlyMemory<byte> configurationDigest = reader.ReadBytes(
            "configuration_digest", WireLimits.ConfigurationDigestBytes, WireLimits.ConfigurationDigestBytes);
        reader.ReadKey(ref fields, 8);
        string moduleId = reader.ReadText(WireLimits.MaxNameBytes);
        reader.ReadKey(ref fields, 9);
        bool shutdownAllowed = reader.ReadBoolean();
        fields.ReadEnd();
        return new HelloReply
        {
            Version = version,
            Server = server,
            ServerVersion = serverVersion,
            Limits = limits,
            ProverVersion = proverVersion,
            SrsKind = srsKind,
            ConfigurationDigest = configurationDigest,
            ModuleId = moduleId,
            ShutdownAllowed = shutdownAllowed,
        };
    }
}
