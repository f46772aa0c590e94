namespace Init.Simulator.VhostUser;

/// <summary>How a <see cref="VsockBackend"/> is set up.</summary>
public sealed record VsockBackendOptions
{
    /// <summary>The Unix socket that QEMU's chardev connects to.</summary>
    public required string VhostSocketPath { get; init; }

    /// <summary>
    /// The Unix socket for connections to the guest (<c>CONNECT port\n</c>); the guest's connections to port P of the host go to this path
    /// with <c>_P</c> behind it.
    /// </summary>
    public required string HostSocketPath { get; init; }

    /// <summary>The guest's CID.</summary>
    public ulong GuestCid { get; init; } = 16;

    /// <summary>What connections to the guest come from; a Nitro enclave's parent is 3.</summary>
    public ulong HostCid { get; init; } = 3;

    /// <summary>How many connections there may be. More from the guest are reset; more from the host wait.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
