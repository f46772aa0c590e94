namespace Init.Eif;

/// <summary>What a section holds, with the number that stands in its header.</summary>
public enum EifSectionType
{
    /// <summary>The kernel: a bzImage on x86-64.</summary>
    Kernel = 1,

    /// <summary>The kernel's command line.</summary>
    CommandLine = 2,

    /// <summary>One initramfs; the loader concatenates them.</summary>
    Ramdisk = 3,

    /// <summary>Signing certificates and signatures (CBOR). Not measured but for the certificate, in PCR8.</summary>
    Signature = 4,

    /// <summary>What the image says of itself (JSON). Not measured.</summary>
    Metadata = 5,
}
