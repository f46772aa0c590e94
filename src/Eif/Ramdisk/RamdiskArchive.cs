namespace Init.Eif;

/// <summary>How an archive stands in a ramdisk.</summary>
public enum RamdiskArchive
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>RFC 1952: what every kernel that takes a ramdisk unpacks (CONFIG_RD_GZIP).</summary>
    Gzip,

    /// <summary>LZ4 in its legacy frame, the only one that the kernel knows (CONFIG_RD_LZ4).</summary>
    Lz4,
}
