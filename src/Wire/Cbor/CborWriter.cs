using System.Buffers.Binary;
using System.Text;

namespace Init.Wire;

/// <summary>Writes CBOR in its shortest, definite form, in two phases over the same code.</summary>
/// <remarks>
/// First with <see cref="Measuring"/>, which only counts; then over a span of exactly that length. The order of a map's keys is
/// the caller's; a reader refuses a wrong one.
/// </remarks>
public ref struct CborWriter
{
    private readonly Span<byte> _output;
    private readonly bool _isMeasuring;
    private readonly long _from; // of what is written, the output receives the bytes from here on
    private readonly bool _isWindow;

    /// <summary>A writer over <paramref name="output"/>, which <see cref="Complete"/> expects to be filled exactly.</summary>
    public CborWriter(Span<byte> output) => _output = output;

    private CborWriter(bool measuring) => _isMeasuring = measuring;

    private CborWriter(Span<byte> output, long from)
    {
        _output = output;
        _from = from;
        _isWindow = true;
    }

    /// <summary>The number of bytes written, or counted, so far.</summary>
    public long Length { get; private set; }

    /// <summary>A writer that only counts.</summary>
    public static CborWriter Measuring() => new(measuring: true);

    /// <summary>
    /// A writer of which <paramref name="output"/> receives the bytes from <paramref name="from"/> on, as many as it has room for: a long
    /// document is written piece by piece, and is never whole in memory.
    /// </summary>
    public static CborWriter Window(Span<byte> output, long from) => new(output, from);

    /// <summary>Measures, allocates, writes.</summary>
    /// <exception cref="WireException">InvalidValue: what is written cannot be.</exception>
    public static byte[] ToArray(CborEncoding encoding)
    {
        CborWriter measuring = Measuring();
        encoding(ref measuring);
        byte[] document = new byte[measuring.Complete()];
        CborWriter writer = new(document);
        encoding(ref writer);
        writer.Complete();
        return document;
    }

    /// <summary>Writes an integer of 0 or more.</summary>
    public void WriteUInt64(ulong value) => WriteHead(CborMajor.UnsignedInteger, value);

    /// <summary>Writes an integer.</summary>
    public void WriteInt64(long value)
    {
        if (value >= 0)
        {
            WriteHead(CborMajor.UnsignedInteger, (ulong)value);
        }
        else
        {
            WriteHead(CborMajor.NegativeInteger, (ulong)(-1 - value));
        }
    }

    /// <summary>Writes true or false.</summary>
    public void WriteBoolean(bool value) => WriteHead(CborMajor.Simple, value ? CborToken.True : CborToken.False);

    /// <summary>Writes null.</summary>
    public void WriteNull() => WriteHead(CborMajor.Simple, CborToken.Null);

    /// <summary>Writes bytes.</summary>
    public void WriteByteString(ReadOnlySpan<byte> value)
    {
        WriteByteStringHeader(value.Length);
        WriteRaw(value);
    }

    /// <summary>Writes the head of bytes that follow by other means.</summary>
    public void WriteByteStringHeader(int lengthBytes) => WriteHead(CborMajor.ByteString, Count(lengthBytes));

    /// <summary>Writes text.</summary>
    /// <exception cref="WireException">InvalidValue: it contains a lone surrogate.</exception>
    public void WriteText(string value)
    {
        int lengthBytes = Utf8Text.CountBytes(value);
        WriteHead(CborMajor.TextString, (ulong)lengthBytes);
        if (_isWindow)
        {
            WriteRaw(Encoding.UTF8.GetBytes(value));
            return;
        }

        Span<byte> target = Reserve(lengthBytes);
        if (!_isMeasuring)
        {
            Encoding.UTF8.GetBytes(value, target);
        }
    }

    /// <summary>Writes text that is UTF-8 already (<c>"nonce"u8</c>).</summary>
    public void WriteText(ReadOnlySpan<byte> utf8)
    {
        WriteHead(CborMajor.TextString, (ulong)utf8.Length);
        WriteRaw(utf8);
    }

    /// <summary>Writes the head of an array; <paramref name="count"/> items follow.</summary>
    public void WriteArrayHeader(int count) => WriteHead(CborMajor.Array, Count(count));

    /// <summary>Writes the head of a map; <paramref name="count"/> pairs of key and value follow.</summary>
    public void WriteMapHeader(int count) => WriteHead(CborMajor.Map, Count(count));

    /// <summary>Writes a data item that is encoded already.</summary>
    public void WriteEncoded(ReadOnlySpan<byte> item) => WriteRaw(item);

    /// <summary>Ends a phase and returns the length.</summary>
    /// <exception cref="WireException">InvalidValue: the output was not filled exactly, or more was measured than an array can have.</exception>
    public readonly int Complete()
    {
        long limit = _isMeasuring ? Array.MaxLength : _output.Length;
        return Length == limit || (_isMeasuring && Length < limit)
            ? (int)Length
            : throw WireException.InvalidValue($"write CBOR: {Length} bytes where {limit} can be");
    }

    private static ulong Count(int count) => count >= 0
        ? (ulong)count
        : throw WireException.InvalidValue($"write CBOR: negative count {count}");

    private void WriteHead(CborMajor major, ulong argument)
    {
        if (CborToken.FitsFirstByte(argument) && !_isWindow)
        {
            Span<byte> one = Reserve(1); // most heads
            if (!_isMeasuring)
            {
                one[0] = (byte)(((int)major << 5) | (int)argument);
            }

            return;
        }

        int headBytes = CborToken.HeadBytes(argument);
        Span<byte> head = stackalloc byte[1 + sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(head[1..], argument);
        head = head[^headBytes..];
        head[0] = (byte)(((int)major << 5) | CborToken.InfoFor(argument));
        WriteRaw(head);
    }

    private void WriteRaw(scoped ReadOnlySpan<byte> value)
    {
        if (_isWindow)
        {
            long first = Math.Max(Length, _from), end = Math.Min(Length + value.Length, _from + _output.Length);
            if (first < end)
            {
                value[(int)(first - Length)..(int)(end - Length)].CopyTo(_output[(int)(first - _from)..]);
            }

            Length += value.Length;
            return;
        }

        Span<byte> target = Reserve(value.Length);
        if (!_isMeasuring)
        {
            value.CopyTo(target);
        }
    }

    private Span<byte> Reserve(int lengthBytes)
    {
        long start = Length;
        Length += lengthBytes;
        if (_isMeasuring)
        {
            return [];
        }

        return Length <= _output.Length
            ? _output.Slice((int)start, lengthBytes)
            : throw WireException.InvalidValue($"write CBOR: {lengthBytes} bytes at {start} do not fit into {_output.Length}");
    }
}
