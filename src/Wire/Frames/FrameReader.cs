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
        Span<byte> header = stackalloc byte[WireLimits.FrameHeaderBytes];
        int headerBytes = CopyStart(buffer, header);
        if (headerBytes < sizeof(uint))
        {
            return false;
        }

        int bodyBytes = CheckLength(BinaryPrimitives.ReadUInt32BigEndian(header));
        if (buffer.Length < WireLimits.FrameHeaderBytes + bodyBytes)
        {
            return false;
        }

        ReadOnlySequence<byte> body = buffer.Slice(WireLimits.FrameHeaderBytes, bodyBytes);
        if (Crc32C.Compute(body) != BinaryPrimitives.ReadUInt32BigEndian(header[sizeof(uint)..]))
        {
            throw new WireException(WireError.Checksum, $"read frame: the CRC-32C of its {bodyBytes} bytes differs");
        }

        frame = ReadEnvelope(body);
        buffer = buffer.Slice(body.End);
        return true;
    }

    /// <summary>How many bytes are missing of a frame that <see cref="TryRead"/> did not find whole.</summary>
    /// <param name="buffer">As TryRead left it.</param>
    /// <returns>At least 1; 1 while the frame's length is not known.</returns>
    /// <exception cref="WireException">Malformed or TooLarge: the length.</exception>
    public static int MissingBytes(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        return CopyStart(buffer, length) < sizeof(uint)
            ? 1
            : Math.Max(1, WireLimits.FrameHeaderBytes + CheckLength(BinaryPrimitives.ReadUInt32BigEndian(length)) - (int)buffer.Length);
    }

    private static int CheckLength(uint bodyBytes) => bodyBytes switch
    {
        0 => throw WireException.Malformed("read frame: length 0"),
        > WireLimits.MaxFrameBodyBytes => throw WireException.TooLarge($"read frame: length {bodyBytes}, limit {WireLimits.MaxFrameBodyBytes}"),
        _ => (int)bodyBytes,
    };

    // The envelope is at most 17 bytes: copied, so that segment borders inside it do not matter. The payload is not.
    private static Frame ReadEnvelope(in ReadOnlySequence<byte> body)
    {
        Span<byte> start = stackalloc byte[WireLimits.MaxEnvelopeBytes];
        start = start[..CopyStart(body, start)];
        FrameEnvelope envelope = FrameEnvelope.Read(start);
        ReadOnlySequence<byte> payload = body.Slice(envelope.LengthBytes);
        return (ulong)payload.Length == envelope.PayloadBytes
            ? new Frame(envelope.Id, envelope.Kind, envelope.More, payload)
            : throw WireException.Malformed($"read frame: payload of {envelope.PayloadBytes} bytes, {payload.Length} are left of the body");
    }

    private static int CopyStart(in ReadOnlySequence<byte> bytes, Span<byte> target)
    {
        int count = (int)Math.Min(bytes.Length, target.Length);
        bytes.Slice(0, count).CopyTo(target);
        return count;
    }
}
