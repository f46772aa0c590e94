namespace Init.Configuration;

/// <summary>Every setting there is. docs/boot.md shows the same table, and a test compares them.</summary>
internal static class SettingsTable
{
    private const long MiB = 1 << 20;

    /// <summary>In the order that people read them in.</summary>
    public static Setting[] All { get; } =
    [
        Setting.Number(
            "port", "vsock port that the server listens on", 1, uint.MaxValue - 1, s => s.Port, (s, v) => s with { Port = (uint)v }),
        Setting.Number(
            "host_cid",
            "the only CID whose connections are served",
            2,
            uint.MaxValue - 1,
            s => s.HostCid,
            (s, v) => s with { HostCid = (uint)v }),
        Setting.Choice(
            "heartbeat",
            "what an unanswered heartbeat to port 9000 of the parent does: end the enclave, nothing, or it is not sent",
            ["required", "optional", "off"],
            s => (int)s.Heartbeat,
            (s, v) => s with { Heartbeat = (HeartbeatPolicy)v }),
        Setting.Choice(
            "shutdown",
            "whether a client may end the enclave",
            ["allowed", "refused"],
            s => s.AllowsShutdown ? 0 : 1,
            (s, v) => s with { AllowsShutdown = v == 0 }),
        Setting.Choice(
            "require_sealed",
            "1: circuit, prove, verify and vk are refused unless they are sealed to the enclave's key",
            ["0", "1"],
            s => s.RequiresSealed ? 1 : 0,
            (s, v) => s with { RequiresSealed = v == 1 }),
        Setting.Number(
            "key_lifetime_s",
            "seconds after which the enclave makes another key; the old one opens requests as long again, at most 600 s",
            10,
            86_400,
            s => (long)s.KeyLifetime.TotalSeconds,
            (s, v) => s with { KeyLifetime = TimeSpan.FromSeconds(v) }),
        Setting.Number(
            "drain_s",
            "seconds that requests in flight have at a shutdown",
            0,
            3600,
            s => (long)s.Drain.TotalSeconds,
            (s, v) => s with { Drain = TimeSpan.FromSeconds(v) }),
        Setting.Number("threads", "threads of one proof; 0: one a CPU", 0, 64, s => s.Threads, (s, v) => s with { Threads = (int)v }),
        Setting.Digest(
            "crs_sha256", "SHA-256 of the bytes loaded from bn254_g1.dat", s => s.CrsSha256, (s, v) => s with { CrsSha256 = v }),
        Setting.Digest("crs_g2_sha256", "SHA-256 of bn254_g2.dat", s => s.CrsG2Sha256, (s, v) => s with { CrsG2Sha256 = v }),
        Setting.Digest(
            "crs_grumpkin_sha256",
            "SHA-256 of the bytes loaded from Grumpkin's points, which are then needed",
            s => s.CrsGrumpkinSha256,
            (s, v) => s with { CrsGrumpkinSha256 = v }),
        Setting.Number(
            "crs_points", "points of the CRS to load at most", 2, 1 << 24, s => s.CrsPoints, (s, v) => s with { CrsPoints = (int)v }),
        Setting.Number(
            "connections", "connections at a time", 1, 65_536, s => s.Connections, (s, v) => s with { Connections = (int)v }),
        Setting.Number(
            "connection_requests",
            "requests in flight on a connection",
            1,
            1024,
            s => s.ConnectionRequests,
            (s, v) => s with { ConnectionRequests = (int)v }),
        Setting.Number("requests", "requests in flight in all", 1, 65_536, s => s.Requests, (s, v) => s with { Requests = (int)v }),
        Setting.Number(
            "in_flight_mib",
            "MiB of messages held in all",
            1,
            65_536,
            s => s.BytesInFlight / MiB,
            (s, v) => s with { BytesInFlight = v * MiB }),
        Setting.Number("proofs", "proofs made at a time", 1, 64, s => s.Proofs, (s, v) => s with { Proofs = (int)v }),
        Setting.Number("prove_queue", "prove requests that wait", 0, 1024, s => s.ProveQueue, (s, v) => s with { ProveQueue = (int)v }),
        Setting.Number(
            "prove_memory_mib",
            "MiB that all work in the prover may take; 0: what the rest leaves",
            0,
            1 << 24,
            s => s.ProveMemoryBytes / MiB,
            (s, v) => s with { ProveMemoryBytes = v * MiB }),
        Setting.Number("circuits", "circuits kept for later requests", 0, 65_536, s => s.Circuits, (s, v) => s with { Circuits = (int)v }),
        Setting.Number(
            "circuits_mib", "MiB of circuits kept", 0, 65_536, s => s.CircuitBytes / MiB, (s, v) => s with { CircuitBytes = v * MiB }),
    ];
}
