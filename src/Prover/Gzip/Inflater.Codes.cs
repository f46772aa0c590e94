namespace Init.Prover.Gzip;

/// <content>The codes of a block: the fixed ones, and those that a block brings along.</content>
internal ref partial struct Inflater
{
    private readonly void BuildFixed()
    {
        // RFC 1951 section 3.2.6. Symbols 286, 287, 30 and 31 take part in the code and are refused when they occur.
        Span<byte> lengths = stackalloc byte[HuffmanCode.MaxSymbols];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..].Fill(8);
        _literals.Build(lengths, allowSingle: false);
        lengths[..32].Fill(5);
        _distances.Build(lengths[..32], allowSingle: false);
    }

    private void ReadDynamic()
    {
        _reader.Refill();
        int literalCodes = (int)_reader.Take(5) + 257;
        int distanceCodes = (int)_reader.Take(5) + 1;
        int codeLengthCodes = (int)_reader.Take(4) + 4;
        if (literalCodes > MaxLiteralCodes || distanceCodes > MaxDistanceCodes)
        {
            throw Invalid($"block declares {literalCodes} literal and {distanceCodes} distance codes");
        }

        Span<byte> lengths = stackalloc byte[MaxLiteralCodes + MaxDistanceCodes];
        Span<byte> codeLengths = lengths[..CodeLengthCodes];
        codeLengths.Clear();
        for (int i = 0; i < codeLengthCodes; i++)
        {
            _reader.Refill();
            codeLengths[DeflateTables.CodeLengthOrder[i]] = (byte)_reader.Take(3);
        }

        // The literals' storage serves the code-length code first.
        if (!_literals.Build(codeLengths, allowSingle: false))
        {
            throw Invalid("code-length code is not a complete prefix code");
        }

        lengths = lengths[..(literalCodes + distanceCodes)];
        ReadLengths(lengths);
        if (lengths[EndOfBlock] == 0)
        {
            throw Invalid("block has no end-of-block code");
        }

        if (!_literals.Build(lengths[..literalCodes], allowSingle: true)
            || !_distances.Build(lengths[literalCodes..], allowSingle: true))
        {
            throw Invalid("literal or distance code is not a complete prefix code");
        }
    }

    private void ReadLengths(scoped Span<byte> lengths)
    {
        int filled = 0;
        while (filled < lengths.Length)
        {
            _reader.Refill();
            int symbol = _literals.Decode(_reader.Bits, out int bits);
            _reader.Drop(bits);
            byte value = 0;
            int repeat = 1;
            switch (symbol)
            {
                case < 16:
                    value = (byte)symbol;
                    break;
                case 16:
                    value = filled > 0 ? lengths[filled - 1] : throw Invalid("repeat without a length before it");
                    repeat = 3 + (int)_reader.Take(2);
                    break;
                case 17:
                    repeat = 3 + (int)_reader.Take(3);
                    break;
                default:
                    repeat = 11 + (int)_reader.Take(7);
                    break;
            }

            ThrowIfTruncated();
            if (repeat > lengths.Length - filled)
            {
                throw Invalid("repeat beyond the last code length");
            }

            lengths.Slice(filled, repeat).Fill(value);
            filled += repeat;
        }
    }
}
