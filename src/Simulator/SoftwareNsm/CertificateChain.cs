namespace Init.Simulator.SoftwareNsm;

/// <summary>What a document carries to prove its signer.</summary>
/// <param name="From">The leaf is valid from here,</param>
/// <param name="To">until here.</param>
/// <param name="Bundle">DER: root, regional, zonal, instance.</param>
/// <param name="Leaf">DER: its key signs documents.</param>
internal sealed record CertificateChain(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ReadOnlyMemory<byte>> Bundle, ReadOnlyMemory<byte> Leaf);
