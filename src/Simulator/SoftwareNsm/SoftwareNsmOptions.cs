using System.Security.Cryptography;
using System.Text;
using Init.Eif;
using Init.Nsm;

namespace Init.Simulator.SoftwareNsm;

/// <summary>What a software NSM starts with and how its documents look.</summary>
public sealed record SoftwareNsmOptions
{
    /// <summary>The parent instance's id, of no real instance: what PCR4 is extended with.</summary>
    public const string ParentInstance = "i-0000000000000dev0";

    /// <summary>The parent instance's IAM role, of no real account: what PCR3 is extended with.</summary>
    public const string ParentRole = "arn:aws:iam::000000000000:role/INSECURE-DEVELOPMENT";

    /// <summary>What DescribeNSM and documents call the module.</summary>
    public string ModuleId { get; init; } = $"{ParentInstance}-enc00000000000000de";

    /// <summary>Values of PCRs, 48 bytes each; those not named are zero. A real enclave has 0, 1, 2, 3, 4 and, when its image is signed, 8.</summary>
    public IReadOnlyDictionary<int, ReadOnlyMemory<byte>> Pcrs { get; init; } = new Dictionary<int, ReadOnlyMemory<byte>>();

    /// <summary>The module of an enclave that has just been started from an image by an instance with a role, neither of which exists.</summary>
    public static SoftwareNsmOptions ForImage(EifMeasurements image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var pcrs = image.Registers.ToDictionary(r => r.Index, r => (ReadOnlyMemory<byte>)Convert.FromHexString(r.Value));
        pcrs[3] = ExtendedOnce(ParentRole);
        pcrs[4] = ExtendedOnce(ParentInstance);
        return new SoftwareNsmOptions { Pcrs = pcrs };
    }

    /// <summary>SHA-384(0^48 ‖ ASCII): checked for PCR4 on a real document.</summary>
    private static ReadOnlyMemory<byte> ExtendedOnce(string text) =>
        SHA384.HashData([.. new byte[NsmLimits.PcrBytes], .. Encoding.ASCII.GetBytes(text)]);

    /// <summary>Documents as QEMU 10 makes them: algorithm -1, a signature and certificates of zeros. Much faster.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>The documents' payload is a map of indefinite length, as real ones are since 2025.</summary>
    public bool IsIndefiniteLength { get; init; }

    /// <summary>Timestamps of whole seconds, as QEMU makes them.</summary>
    public bool HasWholeSeconds { get; init; }
}
