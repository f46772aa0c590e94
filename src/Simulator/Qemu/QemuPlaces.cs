namespace Init.Simulator.Qemu;

/// <summary>The paths that QEMU is given.</summary>
/// <param name="VhostSocket">Where the vsock back end listens.</param>
/// <param name="NsmSocket">Where the NSM's back end listens; null for QEMU's own NSM.</param>
/// <param name="MonitorSocket">Where QEMU's monitor listens.</param>
/// <param name="Console">What the console is written to; null to throw it away.</param>
internal sealed record QemuPlaces(string VhostSocket, string? NsmSocket, string MonitorSocket, string? Console);
