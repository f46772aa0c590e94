using System.Buffers.Binary;

namespace Init.Simulator.VhostUser.Protocol;

/// <summary>SET_VRING_ADDR: where a queue's three parts are, as QEMU's own addresses.</summary>
internal readonly record struct VringAddresses(int Queue, ulong Descriptors, ulong Used, ulong Available)
{
    private const int WireBytes = 40;

    /// <summary>Reads the message's payload.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out VringAddresses addresses)
    {
        bool isWhole = payload.Length == WireBytes;
        addresses = !isWhole ? default : new VringAddresses(
            (int)BinaryPrimitives.ReadUInt32LittleEndian(payload),
            BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(payload[24..]));
        return isWhole;
    }
}
