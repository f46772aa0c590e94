using System.Buffers;
using System.Buffers.Binary;

namespace Init.Wire;

/// <summary>Puts a payload into a frame.</summary>
/// <remarks>
/// A large payload need not be copied: <c>WriteHeader</c> writes what stands before it, and the payload is sent from where it
/// is.
/// </remarks>
public static class FrameWriter
{
    /// <summary>The most that <c>WriteHeader</c> writes.</summary>
    public const int MaxHeaderBytes = WireLimits.FrameHeaderBytes + WireLimits.MaxEnvelopeBytes;

    /// <summary>The most that <c>Write</c> asks its output for at once.</summary>
    public const int MaxPieceBytes = 32 * 1024;

    /// <summary>Writes length, checksum and envelope of a frame; the payload must follow.</summary>
    /// <param name="target">At least <see cref="MaxHeaderBytes"/> bytes.</param>
    /// <param name="id">The request's id; 0 only for an error of the connection.</param>
    /// <param name="kind">What the message is.</param>
    /// <param name="more">Whether another frame of the message follows.</param>
    /// <param name="payload">1 to <see cref="WireLimits.MaxFramePayloadBytes"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="WireException">InvalidValue: the frame would be refused.</exception>
    public static int WriteHeader(Span<byte> target, ulong id, FrameKind kind, bool more, ReadOnlySpan<byte> payload) =>
        WriteHeader(target, id, kind, more, default, payload);

    /// <summary>Writes length, checksum and envelope of a frame and the first bytes of its payload; the others must follow.</summary>
    /// <param name="target">At least <see cref="MaxHeaderBytes"/> bytes and those of <paramref name="first"/>.</param>
    /// <param name="id">As above.</param>
    /// <param name="kind">As above.</param>
    /// <param name="more">As above.</param>
    /// <param name="first">The payload's first bytes, which are copied.</param>
    /// <param name="rest">Its others.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="WireException">InvalidValue: the frame would be refused.</exception>
    public static int WriteHeader(Span<byte> target, ulong id, FrameKind kind, bool more, ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest)
    {
        int writtenBytes = WriteStart(target, id, kind, more, first, rest.Length, out Crc32C crc);
        crc.Append(rest);
        BinaryPrimitives.WriteUInt32BigEndian(target[sizeof(uint)..], crc.Value);
        return writtenBytes;
    }

    /// <summary>The same where the checksum of the others is known: they are not looked at.</summary>
    /// <inheritdoc cref="WriteHeader(Span{byte}, ulong, FrameKind, bool, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static int WriteHeader(Span<byte> target, ulong id, FrameKind kind, bool more, ReadOnlySpan<byte> first, in KnownBytes rest)
    {
        int writtenBytes = WriteStart(target, id, kind, more, first, rest.Count, out Crc32C crc);
        crc.Append(rest);
        BinaryPrimitives.WriteUInt32BigEndian(target[sizeof(uint)..], crc.Value);
        return writtenBytes;
    }

    /// <summary>Writes a whole frame, the payload copied, in pieces of at most <see cref="MaxPieceBytes"/>.</summary>
    /// <exception cref="WireException">InvalidValue: the frame would be refused.</exception>
    public static void Write(IBufferWriter<byte> output, ulong id, FrameKind kind, bool more, ReadOnlySpan<byte> payload)
    {
        Span<byte> piece = output.GetSpan(Math.Min(MaxHeaderBytes + payload.Length, MaxPieceBytes));
        int used = WriteHeader(piece, id, kind, more, payload);
        while (true)
        {
            int copied = Math.Min(payload.Length, piece.Length - used);
            payload[..copied].CopyTo(piece[used..]);
            output.Advance(used + copied);
            payload = payload[copied..];
            if (payload.IsEmpty)
            {
                return;
            }

            piece = output.GetSpan(Math.Min(payload.Length, MaxPieceBytes));
            used = 0;
        }
    }

    private static int WriteStart(
        Span<byte> target, ulong id, FrameKind kind, bool more, ReadOnlySpan<byte> first, int restBytes, out Crc32C crc)
    {
        int headerBytes = WriteEnvelope(target, id, kind, more, (long)first.Length + restBytes);
        first.CopyTo(target[headerBytes..]);
        int writtenBytes = headerBytes + first.Length;
        crc = default;
        crc.Append(target[WireLimits.FrameHeaderBytes..writtenBytes]);
        return writtenBytes;
    }

    private static int WriteEnvelope(Span<byte> target, ulong id, FrameKind kind, bool more, long payloadBytes)
    {
        FrameEnvelope envelope = new(id, kind, more, (ulong)payloadBytes);
        long bodyBytes = envelope.LengthBytes + payloadBytes;
        if (bodyBytes > WireLimits.MaxFrameBodyBytes)
        {
            throw WireException.InvalidValue($"write frame: body of {bodyBytes} bytes, limit {WireLimits.MaxFrameBodyBytes}");
        }

        envelope.Write(target[WireLimits.FrameHeaderBytes..]);
        BinaryPrimitives.WriteUInt32BigEndian(target, (uint)bodyBytes);
        return WireLimits.FrameHeaderBytes + envelope.LengthBytes;
    }
}
