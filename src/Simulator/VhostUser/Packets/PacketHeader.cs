using System.Buffers.Binary;

namespace Init.Simulator.VhostUser.Packets;

/// <summary><c>struct virtio_vsock_hdr</c>: 44 bytes, little-endian, packed (virtio 1.2, 5.10.6).</summary>
internal readonly record struct PacketHeader
{
    public const int Bytes = 44;

    /// <summary>The only socket type there is on Nitro: VIRTIO_VSOCK_TYPE_STREAM.</summary>
    public const ushort Stream = 1;

    public ulong SourceCid { get; init; }

    public ulong DestinationCid { get; init; }

    public uint SourcePort { get; init; }

    public uint DestinationPort { get; init; }

    /// <summary>Bytes of payload behind the header, as the sender says: to be compared with what is there.</summary>
    public uint Length { get; init; }

    public ushort Type { get; init; }

    public PacketOperation Operation { get; init; }

    public uint Flags { get; init; }

    /// <summary>The sender's receive buffer, in bytes.</summary>
    public uint BufferBytes { get; init; }

    /// <summary>How many bytes the sender has taken out of that buffer, modulo 2^32.</summary>
    public uint ForwardedBytes { get; init; }

    /// <summary>Reads one. <paramref name="source"/> holds at least <see cref="Bytes"/>; any content is a header.</summary>
    public static PacketHeader Read(ReadOnlySpan<byte> source) => new()
    {
        SourceCid = BinaryPrimitives.ReadUInt64LittleEndian(source),
        DestinationCid = BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
        SourcePort = BinaryPrimitives.ReadUInt32LittleEndian(source[16..]),
        DestinationPort = BinaryPrimitives.ReadUInt32LittleEndian(source[20..]),
        Length = BinaryPrimitives.ReadUInt32LittleEndian(source[24..]),
        Type = BinaryPrimitives.ReadUInt16LittleEndian(source[28..]),
        Operation = (PacketOperation)BinaryPrimitives.ReadUInt16LittleEndian(source[30..]),
        Flags = BinaryPrimitives.ReadUInt32LittleEndian(source[32..]),
        BufferBytes = BinaryPrimitives.ReadUInt32LittleEndian(source[36..]),
        ForwardedBytes = BinaryPrimitives.ReadUInt32LittleEndian(source[40..]),
    };

    /// <summary>Writes it into the first <see cref="Bytes"/> of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, SourceCid);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], DestinationCid);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[16..], SourcePort);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[20..], DestinationPort);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], Length);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[28..], Type);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[30..], (ushort)Operation);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[32..], Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[36..], BufferBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[40..], ForwardedBytes);
    }
}
