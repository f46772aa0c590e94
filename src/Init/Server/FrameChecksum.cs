using Init.Wire;

namespace Init.Server;

/// <summary>
/// The checksum of a frame while it arrives, and what it was at certain places: at each multiple of what a frame of ours carries, so that the
/// frame's bytes can be sent again, cut there, and are not gone over twice. Belongs to the loop's thread until it is the message's.
/// </summary>
/// <param name="frameBytes">The frame's length.</param>
/// <param name="spacingBytes">How far the places are apart.</param>
internal sealed class FrameChecksum(int frameBytes, int spacingBytes)
{
    private readonly Crc32C[] _places = new Crc32C[frameBytes / spacingBytes];
    private Crc32C _checksum;
    private int _checkedBytes = WireLimits.FrameHeaderBytes;

    /// <summary>The checksum so far.</summary>
    public Crc32C Value => _checksum;

    /// <summary>Goes on over what has come.</summary>
    /// <param name="bytes">The frame from its start on, as far as it is there, and perhaps what follows it.</param>
    public void GoOn(ReadOnlySpan<byte> bytes)
    {
        for (int there = Math.Min(bytes.Length, frameBytes); _checkedBytes < there;)
        {
            int end = Math.Min(there, PlaceAfter(_checkedBytes));
            _checksum.Append(bytes[_checkedBytes..end]);
            _checkedBytes = end;
            if (end % spacingBytes == 0)
            {
                _places[(end / spacingBytes) - 1] = _checksum;
            }
        }
    }

    /// <summary>What is known of some of the frame's bytes, all of which have come: those up to the next place.</summary>
    /// <param name="from">Where they begin in the frame.</param>
    /// <param name="before">The checksum there.</param>
    public KnownBytes From(int from, Crc32C before)
    {
        int end = Math.Min(PlaceAfter(from), frameBytes);
        return new KnownBytes(before, end == frameBytes ? _checksum : _places[(end / spacingBytes) - 1], end - from);
    }

    private int PlaceAfter(int position) => ((position / spacingBytes) + 1) * spacingBytes;
}
