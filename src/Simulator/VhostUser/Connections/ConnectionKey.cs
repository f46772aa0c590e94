namespace Init.Simulator.VhostUser.Connections;

/// <summary>What tells connections apart in the guest's packets.</summary>
/// <param name="HostCid">The CID that stands for the host: 2 or 3.</param>
/// <param name="GuestPort">The guest's port.</param>
/// <param name="HostPort">The host's port.</param>
internal readonly record struct ConnectionKey(ulong HostCid, uint GuestPort, uint HostPort);
