using Init.Linux;
using Init.Sealing;
using Init.Wire;

namespace Init.Configuration;

/// <summary>
/// Everything that can be set, by words <c>init.name=value</c> on the kernel's command line, which PCR0 measures. Defaults and ranges
/// stand in <see cref="SettingsTable"/>; a digest of all values goes into PCR16.
/// </summary>
internal sealed record EnclaveSettings
{
    /// <summary>The vsock port that the server listens on.</summary>
    public uint Port { get; init; } = 5000;

    /// <summary>The only CID whose connections are served. A hypervisor that is not Nitro may present the parent as 2.</summary>
    public uint HostCid { get; init; } = Vsock.CidParent;

    /// <summary>The heartbeat.</summary>
    public HeartbeatPolicy Heartbeat { get; init; } = HeartbeatPolicy.Required;

    /// <summary>Whether a client may end the enclave by <c>shutdown</c>.</summary>
    public bool AllowsShutdown { get; init; } = true;

    /// <summary>Whether circuits, proofs and keys are asked for by sealed requests only.</summary>
    public bool RequiresSealed { get; init; }

    /// <summary>How long a key that requests are sealed to is the current one.</summary>
    public TimeSpan KeyLifetime { get; init; } = new KeyRingOptions().Lifetime;

    /// <summary>How long what is in flight at a shutdown may still take.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Threads of one proof; 0 for one a CPU.</summary>
    public int Threads { get; init; }

    /// <summary>SHA-256 of the bytes loaded from <c>bn254_g1.dat</c>; null when it is not pinned.</summary>
    public string? CrsSha256 { get; init; }

    /// <summary>SHA-256 of <c>bn254_g2.dat</c>; null when it is not pinned.</summary>
    public string? CrsG2Sha256 { get; init; }

    /// <summary>SHA-256 of the bytes loaded from Grumpkin's points; null when it is not pinned.</summary>
    public string? CrsGrumpkinSha256 { get; init; }

    /// <summary>The most points of the CRS to load: circuits up to this size can be proved.</summary>
    public int CrsPoints { get; init; } = 1 << 20;

    /// <summary>Connections at a time.</summary>
    public int Connections { get; init; } = (int)ServerLimits.Default.Connections;

    /// <summary>Requests in flight on one connection.</summary>
    public int ConnectionRequests { get; init; } = (int)ServerLimits.Default.ConnectionRequests;

    /// <summary>Requests in flight in all.</summary>
    public int Requests { get; init; } = (int)ServerLimits.Default.Requests;

    /// <summary>Bytes of messages held in all.</summary>
    public long BytesInFlight { get; init; } = (long)ServerLimits.Default.BytesInFlight;

    /// <summary>Proofs made at a time.</summary>
    public int Proofs { get; init; } = (int)ServerLimits.Default.Proofs;

    /// <summary>Prove requests that wait.</summary>
    public int ProveQueue { get; init; } = (int)ServerLimits.Default.ProveQueue;

    /// <summary>Memory that all work in the prover may take together, in bytes; 0 for what is left of the enclave's.</summary>
    public long ProveMemoryBytes { get; init; }

    /// <summary>Circuits kept for later requests.</summary>
    public int Circuits { get; init; } = (int)ServerLimits.Default.Circuits;

    /// <summary>Bytes of circuits kept for later requests.</summary>
    public long CircuitBytes { get; init; } = (long)ServerLimits.Default.CircuitBytes;
}
