using System.Buffers.Binary;

namespace Init.Simulator.VhostUser.Protocol;

/// <summary>One region of SET_MEM_TABLE. Address sums that wrap are refused, so that later subtraction is safe.</summary>
internal readonly record struct MemoryRegion(ulong GuestAddress, ulong Bytes, ulong UserAddress, ulong FileOffset)
{
    /// <summary>VHOST_MEMORY_BASELINE_NREGIONS: what a front end may use without asking for more.</summary>
    public const int MaxCount = 8;
    public const int WireBytes = 32;

    /// <summary>Regions are whole pages, so that what is aligned at QEMU's address is aligned in the mapping too.</summary>
    private const ulong PageBytes = 4096;

    /// <summary>Reads the message's payload; false when a count, a length or a sum is wrong.</summary>
    public static bool TryReadTable(ReadOnlySpan<byte> payload, out MemoryRegion[] regions)
    {
        regions = [];
        if (payload.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(payload) is var count
            && (count > MaxCount || payload.Length != 8 + (count * WireBytes)))
        {
            return false;
        }

        regions = new MemoryRegion[(payload.Length - 8) / WireBytes];
        for (int i = 0; i < regions.Length; i++)
        {
            regions[i] = Read(payload[(8 + (i * WireBytes))..]);
            if (!regions[i].IsSound)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsSound =>
        Bytes is > 0 and <= long.MaxValue
        && FileOffset % PageBytes == 0
        && UserAddress % PageBytes == 0
        && FileOffset <= long.MaxValue - Bytes
        && GuestAddress <= ulong.MaxValue - Bytes
        && UserAddress <= ulong.MaxValue - Bytes;

    private static MemoryRegion Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source),
        BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[24..]));
}
