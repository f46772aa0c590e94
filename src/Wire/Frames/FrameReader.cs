using System.Buffers;
using System.Buffers.Binary;

namespace Init.Wire;

/// <summary>Takes frames off the front of what was received. Has no state and copies no payload.</summary>
public static class FrameReader
{
    /// <summary>Reads one frame, if all of it is there.</summary>
    /// <param name="buffer">What was received; moved past the frame when there is one, else left alone.</param>
    /// <param name="frame">The frame, whose payload is slices of <paramref name="buffer"/>.</param>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="WireException">
    /// Malformed or TooLarge: the length, known from four bytes on, or the envelope. Checksum. The stream cannot be read any further.
    /// </exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, out Frame frame)
    {
        frame = default;
        Span<byte> start = stackalloc byte[WireLimits.FrameHeaderBytes + WireLimits.MaxEnvelopeBytes];
        start = start[..(int)Math.Min(buffer.Length, start.Length)];
        buffer.Slice(0, start.Length).CopyTo(start); // so that segment borders inside it do not matter. The payload is not copied.
        int lengthBytes = LengthOf(start);
        if (lengthBytes == 0 || buffer.Length < lengthBytes)
        {
            return false;
        }

        ReadOnlySequence<byte> whole = buffer.Slice(0, lengthBytes);
        FramePlace place = Read(start, lengthBytes, Crc32C.Compute(whole.Slice(WireLimits.FrameHeaderBytes)));
        frame = new Frame(place.Id, place.Kind, place.More, whole.Slice(place.PayloadStart));
        buffer = buffer.Slice(whole.End);
        return true;
    }

    /// <summary>Reads one frame of bytes that lie in one piece, if all of it is there.</summary>
    /// <param name="buffer">What was received.</param>
    /// <param name="frame">Where the frame is in <paramref name="buffer"/>.</param>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="WireException">As above.</exception>
    public static bool TryRead(ReadOnlySpan<byte> buffer, out FramePlace frame)
    {
        frame = default;
        int lengthBytes = LengthOf(buffer);
        if (lengthBytes == 0 || buffer.Length < lengthBytes)
        {
            return false;
        }

        frame = Read(buffer, lengthBytes, Crc32C.Compute(buffer[WireLimits.FrameHeaderBytes..lengthBytes]));
        return true;
    }

    /// <summary>How long the frame at the start of a buffer is, its header included.</summary>
    /// <param name="buffer">What was received, all of the frame or a part.</param>
    /// <returns>0 while that is not known: before four bytes are there.</returns>
    /// <exception cref="WireException">Malformed or TooLarge: the length.</exception>
    public static int LengthOf(ReadOnlySpan<byte> buffer) =>
        buffer.Length < sizeof(uint) ? 0 : WireLimits.FrameHeaderBytes + CheckLength(BinaryPrimitives.ReadUInt32BigEndian(buffer));

    /// <summary>Reads a frame whose checksum was computed while it arrived.</summary>
    /// <param name="buffer">What the frame begins with: all of it, or header and envelope at least.</param>
    /// <param name="lengthBytes">How long it is.</param>
    /// <param name="checksum">The CRC-32C of its bytes after the header.</param>
    /// <exception cref="WireException">Malformed: the envelope. Checksum.</exception>
    public static FramePlace Read(ReadOnlySpan<byte> buffer, int lengthBytes, uint checksum)
    {
        int bodyBytes = lengthBytes - WireLimits.FrameHeaderBytes;
        if (checksum != BinaryPrimitives.ReadUInt32BigEndian(buffer[sizeof(uint)..]))
        {
            throw new WireException(WireError.Checksum, $"read frame: the CRC-32C of its {bodyBytes} bytes differs");
        }

        ReadOnlySpan<byte> start = buffer[WireLimits.FrameHeaderBytes..Math.Min(buffer.Length, lengthBytes)];
        FrameEnvelope envelope = FrameEnvelope.Read(start[..Math.Min(start.Length, WireLimits.MaxEnvelopeBytes)]);
        int payloadBytes = bodyBytes - envelope.LengthBytes;
        return (ulong)payloadBytes == envelope.PayloadBytes
            ? new FramePlace(envelope.Id, envelope.Kind, envelope.More, lengthBytes - payloadBytes, lengthBytes)
            : throw WireException.Malformed($"read frame: payload of {envelope.PayloadBytes} bytes, {payloadBytes} are left of the body");
    }

    private static int CheckLength(uint bodyBytes) => bodyBytes switch
    {
        0 => throw WireException.Malformed("read frame: length 0"),
        > WireLimits.MaxFrameBodyBytes => throw WireException.TooLarge($"read frame: length {bodyBytes}, limit {WireLimits.MaxFrameBodyBytes}"),
        _ => (int)bodyBytes,
    };
}
