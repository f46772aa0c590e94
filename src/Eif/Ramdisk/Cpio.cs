namespace Init.Eif;

/// <summary>The cpio format that the kernel unpacks, "newc" (Linux, Documentation/driver-api/early-userspace/buffer-format.rst).</summary>
internal static class Cpio
{
    /// <summary>Magic and thirteen fields of eight hexadecimal digits.</summary>
    public const int HeaderBytes = 110;
    public const int MagicBytes = 6;
    public const int FieldBytes = 8;

    /// <summary>Headers, contents and archives begin at multiples of this.</summary>
    public const int Alignment = 4;

    /// <summary>The kernel's PATH_MAX, final zero included.</summary>
    public const int MaxNameBytes = 4096;

    public const string Trailer = "TRAILER!!!";

    /// <summary>S_IFMT and its values (inode(7)).</summary>
    public const uint TypeMask = 0xf000;
    public const uint Folder = 0x4000;
    public const uint RegularFile = 0x8000;
    public const uint CharacterDevice = 0x2000;
    public const uint BlockDevice = 0x6000;
    public const uint SymbolicLink = 0xa000;

    public static ReadOnlySpan<byte> Magic => "070701"u8;

    private static ReadOnlySpan<byte> Zeros => [0, 0, 0];

    /// <summary>The zeros that follow <paramref name="position"/> up to the next multiple of four.</summary>
    public static ReadOnlySpan<byte> PaddingAt(long position) => Zeros[..(int)(-position & (Alignment - 1))];
}
