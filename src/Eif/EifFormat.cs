using System.Buffers.Binary;

namespace Init.Eif;

/// <summary>
/// The layout of an enclave image file, all integers big-endian (aws/aws-nitro-enclaves-image-format, src/defs/mod.rs).
/// </summary>
internal static class EifFormat
{
    public const int HeaderBytes = 548;
    public const int SectionHeaderBytes = 12;
    public const int MaxSections = 32;
    public const ushort Version = 4;
    public const ushort Arm64Flag = 1;

    public const int MagicOffset = 0;
    public const int VersionOffset = 4;
    public const int FlagsOffset = 6;
    public const int DefaultMemoryOffset = 8;
    public const int DefaultCpusOffset = 16;
    public const int ReservedOffset = 24;
    public const int SectionCountOffset = 26;
    public const int OffsetsOffset = 28;
    public const int SizesOffset = 284;
    public const int UnusedOffset = 540;
    public const int ChecksumOffset = 544;

    public const int SectionTypeOffset = 0;
    public const int SectionFlagsOffset = 2;
    public const int SectionSizeOffset = 4;

    /// <summary>Bytes read or written at once wherever a file passes through.</summary>
    public const int PieceBytes = 128 << 10;

    /// <summary>Four bytes: <c>.eif</c>.</summary>
    public static ReadOnlySpan<byte> Magic => ".eif"u8;

    public static string Label(int index, EifSectionType type) => $"section {index} ({Name(type)})";

    public static string Name(EifSectionType type) => type switch
    {
        EifSectionType.Kernel => "kernel",
        EifSectionType.CommandLine => "command line",
        EifSectionType.Ramdisk => "ramdisk",
        EifSectionType.Signature => "signature",
        EifSectionType.Metadata => "metadata",
        _ => $"unknown type {(int)type}",
    };

    public static ulong SlotOf(ReadOnlySpan<byte> header, int tableOffset, int index) =>
        BinaryPrimitives.ReadUInt64BigEndian(header[(tableOffset + (index * sizeof(ulong)))..]);
}
