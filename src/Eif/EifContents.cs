namespace Init.Eif;

/// <summary>Writes the body of one section to the stream it is given, from its position on.</summary>
/// <param name="target">Where to; only to be written to.</param>
public delegate void SectionBody(Stream target);

/// <summary>What goes into an image, in the order in which it is written.</summary>
public sealed record EifContents
{
    /// <summary>The kernel.</summary>
    public required SectionBody Kernel { get; init; }

    /// <summary>The kernel's command line: see <see cref="KernelCommandLine"/>.</summary>
    public required string CommandLine { get; init; }

    /// <summary>JSON as <see cref="EifMetadata"/> makes it; empty for none.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>One ramdisk or more.</summary>
    public required IReadOnlyList<SectionBody> Ramdisks { get; init; }

    /// <summary>Whether the kernel and the programs are for arm64 instead of x86-64.</summary>
    public bool IsArm64 { get; init; }
}
