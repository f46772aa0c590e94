namespace Init.Simulator.SoftwareNsm;

/// <summary>What a software NSM starts with and how its documents look.</summary>
public sealed record SoftwareNsmOptions
{
    /// <summary>What DescribeNSM and documents call the module.</summary>
    public string ModuleId { get; init; } = "i-0000000000000dev0-enc00000000000000de";

    /// <summary>Values of PCRs, 48 bytes each; those not named are zero. A real enclave has 0, 1, 2, 3, 4 and, when its image is signed, 8.</summary>
    public IReadOnlyDictionary<int, ReadOnlyMemory<byte>> Pcrs { get; init; } = new Dictionary<int, ReadOnlyMemory<byte>>();

    /// <summary>Documents as QEMU 10 makes them: algorithm -1, a signature and certificates of zeros. Much faster.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>The documents' payload is a map of indefinite length, as real ones are since 2025.</summary>
    public bool IsIndefiniteLength { get; init; }

    /// <summary>Timestamps of whole seconds, as QEMU makes them.</summary>
    public bool HasWholeSeconds { get; init; }
}
