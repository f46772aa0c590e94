using Init.Wire;

namespace Init.Server;

/// <summary>
/// A body that is the end of a frame that was received, on its way back: its frames' checksums are made of the one that was compared when it
/// came. What changes those bytes in between is found by whoever receives them.
/// </summary>
internal sealed class KnownBody
{
    private readonly FrameChecksum _checksum;
    private int _position; // in the frame that was received
    private Crc32C _before; // the checksum there

    /// <summary>A body whose every byte lies ahead.</summary>
    /// <param name="checksum">Of the frame that was received.</param>
    /// <param name="frame">That frame.</param>
    /// <param name="bodyBytes">How much of its end is the body.</param>
    public KnownBody(FrameChecksum checksum, ReadOnlySpan<byte> frame, int bodyBytes)
    {
        (_checksum, _position) = (checksum, frame.Length - bodyBytes);
        _before.Append(frame[WireLimits.FrameHeaderBytes.._position]);
    }

    /// <summary>Takes the bytes of the next frame.</summary>
    /// <param name="maxBytes">The most that it carries.</param>
    /// <param name="next">What is known of them.</param>
    /// <returns>False: what is known goes further than that.</returns>
    public bool TryTake(int maxBytes, out KnownBytes next)
    {
        next = _checksum.From(_position, _before);
        (_position, _before) = (_position + next.Count, next.After);
        return next.Count <= maxBytes;
    }
}
