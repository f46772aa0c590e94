using System.Buffers.Binary;
using System.Text;

namespace Init.Prover.MessagePack;

/// <summary>Writes the subset of MessagePack that bbapi reads, in two phases over the same code.</summary>
/// <remarks>
/// First with <see cref="Measuring"/>, which only counts; then over a span of exactly that length, which may lie inside the
/// sandbox's memory. So a witness goes from its gzip stream to where the prover reads it without a managed copy in between:
/// <see cref="Reserve"/> hands out the place and the caller decodes into it.
/// </remarks>
internal ref struct MessagePackWriter
{
    private readonly Span<byte> _output;

    /// <summary>A writer over <paramref name="output"/>, which <see cref="Complete"/> expects to be filled exactly.</summary>
    public MessagePackWriter(Span<byte> output) => _output = output;

    private MessagePackWriter(bool measuring) => IsMeasuring = measuring;

    /// <summary>A writer that only counts.</summary>
    public static MessagePackWriter Measuring() => new(measuring: true);

    /// <summary>True in the first phase: <see cref="Reserve"/> then returns an empty span, which must not be filled.</summary>
    public bool IsMeasuring { get; }

    /// <summary>The number of bytes written, or counted, so far.</summary>
    public long Length { get; private set; }

    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteByte(0xc0);

    /// <summary>Writes a boolean.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)0xc3 : (byte)0xc2);

    /// <summary>Writes an unsigned integer in its shortest form.</summary>
    public void WriteUInt64(ulong value)
    {
        if (value <= 0x7f)
        {
            WriteByte((byte)value);
        }
        else if (value <= byte.MaxValue)
        {
            WriteByte(0xcc);
            WriteByte((byte)value);
        }
        else if (value <= ushort.MaxValue)
        {
            WriteByte(0xcd);
            WriteBigEndian16((ushort)value);
        }
        else if (value <= uint.MaxValue)
        {
            WriteByte(0xce);
            WriteBigEndian32((uint)value);
        }
        else
        {
            WriteByte(0xcf);
            WriteBigEndian32((uint)(value >> 32));
            WriteBigEndian32((uint)value);
        }
    }

    /// <summary>Writes text as UTF-8 behind the shortest str header.</summary>
    /// <exception cref="ProverException">InvalidInput: the text contains a lone surrogate.</exception>
    public void WriteString(string value)
    {
        // The replacement fallback would turn a lone surrogate into another name: refuse it instead.
        for (int i = 0; i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(value[i]))
            {
                throw new ProverException(ProverError.InvalidInput, $"write string: lone surrogate at index {i}");
            }
        }

        int lengthBytes = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(lengthBytes);
        Span<byte> target = Reserve(lengthBytes);
        if (!IsMeasuring)
        {
            Encoding.UTF8.GetBytes(value, target);
        }
    }

    /// <summary>Writes text that is UTF-8 already, as keys are (<c>"witness"u8</c>).</summary>
    public void WriteString(ReadOnlySpan<byte> utf8)
    {
        WriteStringHeader(utf8.Length);
        WriteRaw(utf8);
    }

    /// <summary>Writes bytes behind a bin32 header.</summary>
    public void WriteBinary(ReadOnlySpan<byte> value)
    {
        WriteBinaryHeader(value.Length);
        WriteRaw(value);
    }

    /// <summary>Writes a bin32 header; the caller fills what <see cref="Reserve"/> returns next.</summary>
    /// <remarks>Always bin32, so that the header's size does not depend on the payload's.</remarks>
    public void WriteBinaryHeader(int lengthBytes)
    {
        ThrowIfNegative(lengthBytes);
        WriteByte(0xc6);
        WriteBigEndian32((uint)lengthBytes);
    }

    /// <summary>Writes the header of an array; its <paramref name="count"/> values follow.</summary>
    public void WriteArrayHeader(int count) => WriteContainerHeader(count, fix: 0x90, wide16: 0xdc);

    /// <summary>Writes the header of a map; <paramref name="count"/> pairs of key and value follow.</summary>
    public void WriteMapHeader(int count) => WriteContainerHeader(count, fix: 0x80, wide16: 0xde);

    /// <summary>Moves past <paramref name="lengthBytes"/> bytes and returns them for the caller to fill.</summary>
    /// <returns>The bytes; empty while measuring.</returns>
    /// <exception cref="ProverException">InvalidState: the output is too small.</exception>
    public Span<byte> Reserve(int lengthBytes)
    {
        ThrowIfNegative(lengthBytes);
        if (IsMeasuring)
        {
            Length += lengthBytes;
            return [];
        }

        if (lengthBytes > _output.Length - Length)
        {
            throw new ProverException(
                ProverError.InvalidState, $"write MessagePack: {lengthBytes} bytes at {Length} do not fit into {_output.Length}");
        }

        Span<byte> reserved = _output.Slice((int)Length, lengthBytes);
        Length += lengthBytes;
        return reserved;
    }

    /// <summary>Ends a phase and returns the length.</summary>
    /// <exception cref="ProverException">
    /// InvalidState: the output was not filled exactly. TooLarge: the measured length is more than a span can have.
    /// </exception>
    public readonly int Complete()
    {
        if (IsMeasuring && Length > Array.MaxLength)
        {
            throw new ProverException(ProverError.TooLarge, $"measure MessagePack: {Length} bytes, limit {Array.MaxLength}");
        }

        if (!IsMeasuring && Length != _output.Length)
        {
            throw new ProverException(
                ProverError.InvalidState, $"write MessagePack: {Length} bytes written, {_output.Length} measured");
        }

        return (int)Length;
    }

    private void WriteStringHeader(int lengthBytes)
    {
        if (lengthBytes < 32)
        {
            WriteByte((byte)(0xa0 | lengthBytes));
        }
        else if (lengthBytes <= byte.MaxValue)
        {
            WriteByte(0xd9);
            WriteByte((byte)lengthBytes);
        }
        else if (lengthBytes <= ushort.MaxValue)
        {
            WriteByte(0xda);
            WriteBigEndian16((ushort)lengthBytes);
        }
        else
        {
            WriteByte(0xdb);
            WriteBigEndian32((uint)lengthBytes);
        }
    }

    private void WriteContainerHeader(int count, byte fix, byte wide16)
    {
        ThrowIfNegative(count);
        if (count < 16)
        {
            WriteByte((byte)(fix | count));
        }
        else if (count <= ushort.MaxValue)
        {
            WriteByte(wide16);
            WriteBigEndian16((ushort)count);
        }
        else
        {
            WriteByte((byte)(wide16 + 1));
            WriteBigEndian32((uint)count);
        }
    }

    private void WriteByte(byte value)
    {
        Span<byte> target = Reserve(1);
        if (!IsMeasuring)
        {
            target[0] = value;
        }
    }

    private void WriteBigEndian16(ushort value)
    {
        Span<byte> target = Reserve(sizeof(ushort));
        if (!IsMeasuring)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target, value);
        }
    }

    private void WriteBigEndian32(uint value)
    {
        Span<byte> target = Reserve(sizeof(uint));
        if (!IsMeasuring)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, value);
        }
    }

    private void WriteRaw(ReadOnlySpan<byte> value)
    {
        Span<byte> target = Reserve(value.Length);
        if (!IsMeasuring)
        {
            value.CopyTo(target);
        }
    }

    private static void ThrowIfNegative(int lengthOrCount)
    {
        if (lengthOrCount < 0)
        {
            throw new ProverException(ProverError.InvalidState, $"write MessagePack: negative length {lengthOrCount}");
        }
    }
}
