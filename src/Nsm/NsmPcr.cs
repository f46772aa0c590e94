namespace Init.Nsm;

/// <summary>What DescribePCR answers.</summary>
/// <param name="IsLocked">Whether it can no longer be extended.</param>
/// <param name="Value">SHA-384, 48 bytes.</param>
public sealed record NsmPcr(bool IsLocked, ReadOnlyMemory<byte> Value);
