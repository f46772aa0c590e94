using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace Init.Eif;

/// <summary>
/// LZ4's legacy frame as the kernel takes it (lib/decompress_unlz4.c): a magic number, then blocks, each behind its length, little-endian,
/// which unpack to 8 MiB or less. There is no checksum and no end: a length of zero, or fewer than four bytes, ends it.
/// </summary>
internal static class Lz4Frame
{
    public const byte FirstByte = 0x02;

    /// <summary>What a block unpacks to at most (LZ4_DEFAULT_UNCOMPRESSED_CHUNK_SIZE).</summary>
    public const int BlockBytes = 8 << 20;

    public const int LengthBytes = sizeof(uint);

    /// <summary>A block's longest form, for data that does not compress.</summary>
    public static int MaxPackedBytes { get; } = LZ4Codec.MaximumOutputSize(BlockBytes);

    public static ReadOnlySpan<byte> Magic => [FirstByte, 0x21, 0x4c, 0x18];

    /// <summary>Ends a frame that something else follows.</summary>
    public static ReadOnlySpan<byte> End => [0, 0, 0, 0];

    public static uint ReadLength(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public static void WriteLength(Span<byte> bytes, int length) => BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)length);
}
