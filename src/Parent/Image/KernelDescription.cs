using Init.Eif;

namespace Init.Parent.Image;

/// <summary>What a kernel's description says of the ramdisks that it takes.</summary>
internal static class KernelDescription
{
    private const string Lz4Option = "CONFIG_RD_LZ4";

    /// <summary>How the ramdisk is to be compressed.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="kernelSha384">The kernel.</param>
    /// <param name="descriptions">What is described; that of the kernel may be among it.</param>
    /// <exception cref="EifException"><see cref="EifError.InvalidInput"/>: the kernel could not unpack what was asked for.</exception>
    public static RamdiskArchive Compression(RamdiskCompression wanted, string kernelSha384, IEnumerable<ComponentFile> descriptions)
    {
        ComponentFile? kernel = descriptions.FirstOrDefault(d => d.Sha384 == kernelSha384);
        bool unpacksLz4 = kernel?.Options.Any(option => option is { Name: Lz4Option, Value: "y" }) == true;
        return wanted switch
        {
            RamdiskCompression.Lz4 when kernel is not null && !unpacksLz4 => throw new EifException(
                EifError.InvalidInput, $"use --ramdisk lz4: the kernel is described as without {Lz4Option}, and could not unpack it"),
            RamdiskCompression.Lz4 => RamdiskArchive.Lz4,
            RamdiskCompression.Auto when unpacksLz4 => RamdiskArchive.Lz4,
            _ => RamdiskArchive.Gzip,
        };
    }
}
