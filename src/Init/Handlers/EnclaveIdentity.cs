using Init.Wire;

namespace Init.Handlers;

/// <summary>Who answers: what <c>hello</c> tells. Fixed once the enclave is ready.</summary>
internal sealed record EnclaveIdentity
{
    /// <summary>The server's name.</summary>
    public required string Server { get; init; }

    /// <summary>Its version.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>Barretenberg's version.</summary>
    public required string ProverVersion { get; init; }

    /// <summary><c>ignition</c>, or the insecure development SRS's label.</summary>
    public required string SrsKind { get; init; }

    /// <summary>SHA-384 of the configuration, which PCR16 was extended with.</summary>
    public required ReadOnlyMemory<byte> ConfigurationDigest { get; init; }

    /// <summary>The NSM's <c>module_id</c>.</summary>
    public required string ModuleId { get; init; }

    /// <summary>Whether clients may shut the enclave down.</summary>
    public required bool ShutdownAllowed { get; init; }

    /// <summary>What attestation documents say of it.</summary>
    public EnclaveStatement ToStatement() => new()
    {
        ProtocolVersion = Wire.ProtocolVersion.Highest,
        Server = Server,
        ServerVersion = ServerVersion,
        ProverVersion = ProverVersion,
        SrsKind = SrsKind,
    };
}
