namespace Init.Simulator.Qemu;

/// <summary>What an enclave that could not boot said on port 9001 before it ended.</summary>
/// <param name="Since">How long after QEMU's start it came.</param>
/// <param name="Bytes">The record, CBOR.</param>
public sealed record FailureReport(TimeSpan Since, ReadOnlyMemory<byte> Bytes);
