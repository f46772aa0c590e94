namespace Init.Wire;

/// <summary>A frame whose length, checksum and envelope are right, as a place in the bytes that it was read from, which begin with it.</summary>
/// <param name="Id">Chosen by the client for its request; 0 only with <see cref="FrameKind.Error"/>, for the connection itself.</param>
/// <param name="Kind">What the message is.</param>
/// <param name="More">Whether another frame of this message follows.</param>
/// <param name="PayloadStart">Where the next bytes of the message begin.</param>
/// <param name="End">Where they end, and the frame with them: at least one byte later.</param>
public readonly record struct FramePlace(ulong Id, FrameKind Kind, bool More, int PayloadStart, int End)
{
    /// <summary>How many bytes of the message it brings.</summary>
    public int PayloadBytes => End - PayloadStart;
}
