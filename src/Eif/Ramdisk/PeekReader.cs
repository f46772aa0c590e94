namespace Init.Eif;

/// <summary>A stream read through a buffer, with a look at the next byte and the position counted from where it began.</summary>
internal sealed class PeekReader(Stream source)
{
    private readonly byte[] _buffer = new byte[EifFormat.PieceBytes];
    private int _start;
    private int _end;

    /// <summary>How many bytes were taken.</summary>
    public long Position { get; private set; }

    /// <summary>Takes the zeros that are next.</summary>
    /// <returns>The byte behind them, which is not taken; -1 at the end.</returns>
    public int SkipZeros()
    {
        while (Fill())
        {
            int found = _buffer.AsSpan(_start.._end).IndexOfAnyExcept((byte)0);
            Take(found < 0 ? _end - _start : found);
            if (found >= 0)
            {
                return _buffer[_start];
            }
        }

        return -1;
    }

    public void ReadExactly(Span<byte> destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            ReadOnlySpan<byte> piece = Next(destination.Length - done);
            piece.CopyTo(destination[done..]);
            done += piece.Length;
        }
    }

    /// <summary>Hands exactly <paramref name="lengthBytes"/> bytes on.</summary>
    public void Read(long lengthBytes, Action<ReadOnlySpan<byte>> use)
    {
        for (long left = lengthBytes; left > 0;)
        {
            ReadOnlySpan<byte> piece = Next(left);
            use(piece);
            left -= piece.Length;
        }
    }

    private ReadOnlySpan<byte> Next(long maxBytes)
    {
        if (!Fill())
        {
            throw RamdiskReader.Refused(Position, "it ends inside of an archive");
        }

        int taken = (int)Math.Min(maxBytes, _end - _start);
        ReadOnlySpan<byte> piece = _buffer.AsSpan(_start, taken);
        Take(taken);
        return piece;
    }

    private void Take(int bytes)
    {
        _start += bytes;
        Position += bytes;
    }

    private bool Fill()
    {
        if (_start == _end)
        {
            _start = 0;
            _end = source.Read(_buffer);
        }

        return _start < _end;
    }
}
