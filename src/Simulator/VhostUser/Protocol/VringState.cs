using System.Buffers.Binary;

namespace Init.Simulator.VhostUser.Protocol;

/// <summary>A queue's number and one value: SET_VRING_NUM, SET_VRING_BASE, GET_VRING_BASE and its reply, SET_VRING_ENABLE.</summary>
internal readonly record struct VringState(int Queue, uint Value)
{
    public const int WireBytes = 8;

    /// <summary>Reads the message's payload.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out VringState state)
    {
        bool isWhole = payload.Length == WireBytes;
        state = !isWhole ? default : new VringState(
            (int)BinaryPrimitives.ReadUInt32LittleEndian(payload), BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]));
        return isWhole;
    }

    /// <summary>Writes the reply's payload.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)Queue);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Value);
    }
}
