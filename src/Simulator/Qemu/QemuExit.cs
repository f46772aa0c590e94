namespace Init.Simulator.Qemu;

/// <summary>How QEMU ended. A guest that reboots ends it with code 0.</summary>
/// <param name="Code">The exit code; 128 + n for signal n.</param>
/// <param name="Ran">How long it ran.</param>
/// <param name="Errors">What it wrote to standard error, the last 16 KiB.</param>
public sealed record QemuExit(int Code, TimeSpan Ran, string Errors);
