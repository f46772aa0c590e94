namespace Init.Prover.Gzip;

/// <summary>Decodes one DEFLATE stream (RFC 1951), or only counts what it would decode to.</summary>
/// <remarks>
/// The output span is the window: nothing decoded is kept anywhere else, so a witness exists once, where its owner put it. (zlib
/// keeps the last 32 KiB in heap memory that it never clears.) Owner of all state: the one thread that calls <see cref="Run"/>.
/// </remarks>
internal ref partial struct Inflater
{
    private const int EndOfBlock = 256;
    private const int MaxLiteralCodes = 286;
    private const int MaxDistanceCodes = 30;
    private const int CodeLengthCodes = 19;

    private readonly Span<byte> _output;
    private readonly bool _measuring;
    private readonly long _limitBytes;
    private readonly ReadOnlySpan<ushort> _lengthBase = DeflateTables.LengthBase;
    private readonly ReadOnlySpan<byte> _lengthExtra = DeflateTables.LengthExtra;
    private readonly ReadOnlySpan<ushort> _distanceBase = DeflateTables.DistanceBase;
    private readonly ReadOnlySpan<byte> _distanceExtra = DeflateTables.DistanceExtra;
    private readonly HuffmanCode _literals;
    private readonly HuffmanCode _distances;
    private BitReader _reader;
    private long _produced;

    private Inflater(ReadOnlySpan<byte> input, Span<byte> output, bool measuring, long limitBytes, Span<ushort> storage)
    {
        _reader = new BitReader(input);
        _output = output;
        _measuring = measuring;
        _limitBytes = limitBytes;
        _literals = new HuffmanCode(storage[..HuffmanCode.StorageLength]);
        _distances = new HuffmanCode(storage[HuffmanCode.StorageLength..]);
    }

    /// <summary>Counts without writing.</summary>
    /// <param name="input">Starts with the stream; may be longer.</param>
    /// <param name="limitBytes">The most bytes that the stream may decode to.</param>
    /// <param name="consumed">The length of the stream.</param>
    /// <returns>The decoded length.</returns>
    /// <exception cref="ProverException">InvalidInput: malformed or truncated. TooLarge: more than the limit.</exception>
    public static long Measure(ReadOnlySpan<byte> input, long limitBytes, out int consumed)
    {
        Span<ushort> storage = stackalloc ushort[2 * HuffmanCode.StorageLength];
        return new Inflater(input, default, measuring: true, limitBytes, storage).Run(out consumed);
    }

    /// <summary>Decodes into <paramref name="output"/>.</summary>
    /// <param name="input">Starts with the stream; may be longer.</param>
    /// <param name="output">Where the bytes go; also the window that matches refer to.</param>
    /// <param name="consumed">The length of the stream.</param>
    /// <returns>The decoded length.</returns>
    /// <exception cref="ProverException">InvalidInput: malformed or truncated. TooLarge: more than the output takes.</exception>
    public static long Decode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed)
    {
        Span<ushort> storage = stackalloc ushort[2 * HuffmanCode.StorageLength];
        return new Inflater(input, output, measuring: false, output.Length, storage).Run(out consumed);
    }

    private long Run(out int consumed)
    {
        bool isFinal;
        do
        {
            _reader.Refill();
            isFinal = _reader.Take(1) != 0;
            uint blockType = _reader.Take(2);
            ThrowIfTruncated();
            switch (blockType)
            {
                case 0:
                    CopyStored();
                    break;
                case 1:
                    BuildFixed();
                    DecodeBlock();
                    break;
                case 2:
                    ReadDynamic();
                    DecodeBlock();
                    break;
                default:
                    throw Invalid("block type 3");
            }
        }
        while (!isFinal);

        consumed = _reader.Position;
        return _produced;
    }

    private void CopyStored()
    {
        // RFC 1951 section 3.2.4: LEN and its complement.
        if (!_reader.TryTakeBytes(4, out ReadOnlySpan<byte> header))
        {
            throw Invalid("truncated");
        }

        int length = header[0] | (header[1] << 8);
        if ((length ^ 0xffff) != (header[2] | (header[3] << 8)))
        {
            throw Invalid("stored block's length does not match its complement");
        }

        if (!_reader.TryTakeBytes(length, out ReadOnlySpan<byte> bytes))
        {
            throw Invalid("truncated");
        }

        ThrowIfBeyondLimit(length);
        if (!_measuring)
        {
            bytes.CopyTo(_output[(int)_produced..]);
        }

        _produced += length;
    }

    private void DecodeBlock()
    {
        // Local copies let the compiler keep bits, count and position in registers.
        BitReader reader = _reader;
        Span<byte> output = _output;
        long produced = _produced;
        while (true)
        {
            // 48 bits at most: 15 for the length's code, 5 extra, 15 for the distance's code, 13 extra.
            reader.Refill();
            int symbol = _literals.Decode(reader.Bits, out int bits);
            reader.Drop(bits);
            if (symbol < EndOfBlock)
            {
                if (symbol < 0 || reader.IsOverrun)
                {
                    throw Invalid(symbol < 0 ? "bits are no literal code" : "truncated");
                }

                if (!_measuring && produced < output.Length)
                {
                    output[(int)produced] = (byte)symbol;
                }
                else if (produced >= _limitBytes)
                {
                    throw BeyondLimit();
                }

                produced++;
                continue;
            }

            if (symbol == EndOfBlock)
            {
                break;
            }

            _produced = produced;
            CopyMatch(symbol - EndOfBlock - 1, ref reader);
            produced = _produced;
        }

        _produced = produced;
        _reader = reader;
        ThrowIfTruncated();
    }

    private void CopyMatch(int lengthCode, ref BitReader reader)
    {
        if (lengthCode >= _lengthBase.Length)
        {
            throw Invalid("reserved length code");
        }

        int length = _lengthBase[lengthCode] + (int)reader.Take(_lengthExtra[lengthCode]);
        int distanceCode = _distances.Decode(reader.Bits, out int bits);
        reader.Drop(bits);
        if ((uint)distanceCode >= (uint)_distanceBase.Length)
        {
            throw Invalid("bits are no distance code");
        }

        int distance = _distanceBase[distanceCode] + (int)reader.Take(_distanceExtra[distanceCode]);
        if (reader.IsOverrun || distance > _produced)
        {
            throw Invalid(reader.IsOverrun ? "truncated" : "distance reaches before the start");
        }

        ThrowIfBeyondLimit(length);
        if (!_measuring)
        {
            WriteMatch(distance, length);
        }

        _produced += length;
    }

    private readonly void WriteMatch(int distance, int length)
    {
        int position = (int)_produced;
        Span<byte> target = _output.Slice(position, length);
        if (distance >= length)
        {
            _output.Slice(position - distance, length).CopyTo(target);
        }
        else if (distance == 1)
        {
            target.Fill(_output[position - 1]);
        }
        else
        {
            // The match overlaps itself: bytes written here are read again.
            ReadOnlySpan<byte> source = _output.Slice(position - distance, length);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = source[i];
            }
        }
    }

    private readonly void ThrowIfTruncated()
    {
        if (_reader.IsOverrun)
        {
            throw Invalid("truncated");
        }
    }

    private readonly void ThrowIfBeyondLimit(int more)
    {
        if (more > _limitBytes - _produced)
        {
            throw BeyondLimit();
        }
    }

    private readonly ProverException BeyondLimit() => new(ProverError.TooLarge, $"inflate: more than {_limitBytes} bytes");

    private static ProverException Invalid(string cause) => new(ProverError.InvalidInput, $"inflate: {cause}");
}
