namespace Init.Simulator.Qemu;

/// <summary>A line of the enclave's console.</summary>
/// <param name="Since">How long after QEMU's start its first byte came.</param>
/// <param name="Text">The line without its end; bytes that are not UTF-8 replaced.</param>
public readonly record struct ConsoleLine(TimeSpan Since, string Text);
