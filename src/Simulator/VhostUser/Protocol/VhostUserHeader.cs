using System.Buffers.Binary;

namespace Init.Simulator.VhostUser.Protocol;

/// <summary>The twelve bytes before every message, in the machine's byte order, which is little-endian here.</summary>
internal readonly record struct VhostUserHeader(VhostUserRequest Request, uint Flags, int PayloadBytes)
{
    public const int Bytes = 12;

    /// <summary>The longest payload: a window of 256 bytes into the configuration space, behind twelve bytes of its own.</summary>
    public const int MaxPayloadBytes = 12 + 256;

    private const uint VersionMask = 3;
    private const uint Version = 1;
    private const uint ReplyFlag = 4;
    private const uint NeedReplyFlag = 8;

    /// <summary>Whether the sender wants to know how it went, if REPLY_ACK was agreed.</summary>
    public bool NeedsReply => (Flags & NeedReplyFlag) != 0;

    /// <summary>Reads one; false when the version or the size cannot be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out VhostUserHeader header)
    {
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
        bool isValid = (flags & VersionMask) == Version && (flags & ReplyFlag) == 0 && size <= MaxPayloadBytes;
        header = isValid ? new VhostUserHeader((VhostUserRequest)BinaryPrimitives.ReadUInt32LittleEndian(source), flags, (int)size) : default;
        return isValid;
    }

    /// <summary>Writes the header of a reply.</summary>
    public static void WriteReply(Span<byte> destination, VhostUserRequest request, int payloadBytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)request);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Version | ReplyFlag);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], (uint)payloadBytes);
    }
}
