namespace Init.Prover.Gzip;

/// <summary>A canonical prefix code of RFC 1951 section 3.2.2, over memory that the caller has on its stack.</summary>
/// <remarks>
/// Codes of up to <see cref="FastBits"/> bits are one table look-up. Longer ones, rare by construction, are walked a bit at a time
/// through the counts of each length, so there are no second-level tables whose size needs an argument.
/// </remarks>
internal readonly ref struct HuffmanCode
{
    /// <summary>The longest code RFC 1951 allows.</summary>
    public const int MaxBits = 15;

    /// <summary>The width of the look-up table.</summary>
    public const int FastBits = 10;

    /// <summary>The most symbols of any of the three alphabets.</summary>
    public const int MaxSymbols = 288;

    /// <summary>The number of entries that <see cref="HuffmanCode"/> needs from its caller.</summary>
    public const int StorageLength = (1 << FastBits) + MaxSymbols + MaxBits + 1;

    private const int LengthBits = 4;

    private readonly Span<ushort> _fast;
    private readonly Span<ushort> _symbols;
    private readonly Span<ushort> _counts;

    /// <summary>A code over <paramref name="storage"/>, <see cref="StorageLength"/> long; <see cref="Build"/> fills it.</summary>
    public HuffmanCode(Span<ushort> storage)
    {
        _fast = storage[..(1 << FastBits)];
        _symbols = storage.Slice(1 << FastBits, MaxSymbols);
        _counts = storage.Slice((1 << FastBits) + MaxSymbols, MaxBits + 1);
    }

    /// <summary>Builds the code from the length of each symbol's code, zero where a symbol does not occur.</summary>
    /// <param name="lengths">At most <see cref="MaxSymbols"/> lengths, none above <see cref="MaxBits"/>.</param>
    /// <param name="allowSingle">
    /// Whether no code at all, or one code of one bit, is accepted: RFC 1951 section 3.2.7 does so for distances.
    /// </param>
    /// <returns>False when the code is over-subscribed or incomplete.</returns>
    public bool Build(scoped ReadOnlySpan<byte> lengths, bool allowSingle)
    {
        _counts.Clear();
        _fast.Clear();
        foreach (byte length in lengths)
        {
            _counts[length]++;
        }

        int used = lengths.Length - _counts[0];
        _counts[0] = 0;
        int open = 1;
        for (int bits = 1; bits <= MaxBits; bits++)
        {
            open = (open << 1) - _counts[bits];
            if (open < 0)
            {
                return false;
            }
        }

        if (open > 0 && !(allowSingle && (used == 0 || (used == 1 && _counts[1] == 1))))
        {
            return false;
        }

        Fill(lengths);
        return true;
    }

    /// <summary>Decodes the symbol at the low end of <paramref name="bits"/>, which holds at least <see cref="MaxBits"/>.</summary>
    /// <param name="bits">The stream's next bits, the first in bit 0.</param>
    /// <param name="length">The number of bits that the symbol took.</param>
    /// <returns>The symbol, or -1 where the bits are no code of an incomplete set.</returns>
    public int Decode(ulong bits, out int length)
    {
        int entry = _fast[(int)(bits & ((1 << FastBits) - 1))];
        length = entry & ((1 << LengthBits) - 1);
        return length != 0 ? entry >> LengthBits : DecodeLong(bits, out length);
    }

    private int DecodeLong(ulong bits, out int length)
    {
        // Huffman codes are packed most significant bit first; the first code of each length follows from the counts.
        int code = 0;
        int first = 0;
        int index = 0;
        for (length = 1; length <= MaxBits; length++)
        {
            code |= (int)(bits & 1);
            bits >>= 1;
            int count = _counts[length];
            if (code - first < count)
            {
                return _symbols[index + code - first];
            }

            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        length = 0;
        return -1;
    }

    private void Fill(scoped ReadOnlySpan<byte> lengths)
    {
        Span<ushort> nextIndex = stackalloc ushort[MaxBits + 1];
        Span<ushort> nextCode = stackalloc ushort[MaxBits + 1];
        nextIndex[0] = 0;
        nextCode[0] = 0;
        for (int bits = 1; bits <= MaxBits; bits++)
        {
            nextIndex[bits] = (ushort)(nextIndex[bits - 1] + _counts[bits - 1]);
            nextCode[bits] = (ushort)((nextCode[bits - 1] + _counts[bits - 1]) << 1);
        }

        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length == 0)
            {
                continue;
            }

            _symbols[nextIndex[length]++] = (ushort)symbol;
            int code = nextCode[length]++;
            if (length <= FastBits)
            {
                ushort entry = (ushort)((symbol << LengthBits) | length);
                for (int slot = Reverse(code, length); slot < _fast.Length; slot += 1 << length)
                {
                    _fast[slot] = entry;
                }
            }
        }
    }

    private static int Reverse(int code, int length)
    {
        int reversed = 0;
        for (int i = 0; i < length; i++)
        {
            reversed = (reversed << 1) | ((code >> i) & 1);
        }

        return reversed;
    }
}
