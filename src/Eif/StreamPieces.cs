namespace Init.Eif;

/// <summary>Passes a stream's bytes on in pieces, so that no image is ever in memory.</summary>
internal static class StreamPieces
{
    /// <summary>Hands exactly <paramref name="lengthBytes"/> bytes from the stream's position on to <paramref name="use"/>.</summary>
    /// <exception cref="EifException"><see cref="EifError.Truncated"/>: the stream is shorter.</exception>
    public static void Read(Stream source, long lengthBytes, Action<ReadOnlySpan<byte>> use)
    {
        byte[] piece = new byte[Math.Min(lengthBytes, EifFormat.PieceBytes)];
        for (long left = lengthBytes; left > 0;)
        {
            int read = source.Read(piece, 0, (int)Math.Min(left, piece.Length));
            if (read == 0)
            {
                throw new EifException(EifError.Truncated, $"read image: {left} bytes before its end there is nothing more");
            }

            use(piece.AsSpan(0, read));
            left -= read;
        }
    }
}
