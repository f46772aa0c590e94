using System.Buffers;
using System.Buffers.Binary;

namespace Init.Wire.Tests;

/// <summary>Frames as bytes.</summary>
internal static class FrameBytes
{
    public static byte[] Of(ulong id, FrameKind kind, bool more, ReadOnlySpan<byte> payload)
    {
        ArrayBufferWriter<byte> output = new();
        FrameWriter.Write(output, id, kind, more, payload);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Right length and checksum around any body.</summary>
    public static byte[] Around(params byte[] body)
    {
        byte[] frame = new byte[WireLimits.FrameHeaderBytes + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), Crc32C.Compute(body));
        body.CopyTo(frame, WireLimits.FrameHeaderBytes);
        return frame;
    }

    /// <summary>Everything in a buffer, and nothing left; payloads in hex.</summary>
    public static List<(ulong Id, FrameKind Kind, bool More, string Payload)> ReadAll(ReadOnlySequence<byte> buffer)
    {
        List<(ulong, FrameKind, bool, string)> frames = [];
        while (FrameReader.TryRead(ref buffer, out Frame frame))
        {
            frames.Add((frame.Id, frame.Kind, frame.More, Convert.ToHexStringLower(frame.Payload.ToArray())));
        }

        Assert.True(buffer.IsEmpty);
        return frames;
    }
}
