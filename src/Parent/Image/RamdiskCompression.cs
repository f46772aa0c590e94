namespace Init.Parent.Image;

/// <summary>What <c>image build --ramdisk</c> takes.</summary>
internal enum RamdiskCompression
{
    /// <summary>Lz4 when the kernel's description says that the kernel unpacks it, else Gzip.</summary>
    Auto,

    /// <summary>What every kernel unpacks.</summary>
    Gzip,

    /// <summary>What boots quicker.</summary>
    Lz4,
}
