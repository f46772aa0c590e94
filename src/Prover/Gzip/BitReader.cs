using System.Buffers.Binary;

namespace Init.Prover.Gzip;

/// <summary>The bits of a DEFLATE stream, least significant first (RFC 1951 section 3.1.1).</summary>
/// <remarks>
/// Behind the end of the input the bits are zero; taking one makes <see cref="IsOverrun"/> true. So the decoder looks ahead freely
/// and asks once a symbol.
/// </remarks>
internal ref struct BitReader(ReadOnlySpan<byte> input)
{
    private readonly ReadOnlySpan<byte> _input = input;
    private int _position;
    private int _count;

    /// <summary>The next bits, at least 56 of them after <see cref="Refill"/>.</summary>
    public ulong Bits { get; private set; }

    /// <summary>True when more bits were taken than there are.</summary>
    public readonly bool IsOverrun => _count < 0;

    /// <summary>The bytes that no bit has been taken of.</summary>
    public readonly int Position => _position - (_count >> 3);

    /// <summary>Loads whole bytes until 56 bits are there or the input ends.</summary>
    public void Refill()
    {
        if (_input.Length - _position >= sizeof(ulong))
        {
            // The bits above _count are the same ones that the next load puts there: the OR changes nothing.
            Bits |= BinaryPrimitives.ReadUInt64LittleEndian(_input[_position..]) << _count;
            _position += (63 - _count) >> 3;
            _count |= 56;
            return;
        }

        while (_count < 56 && _position < _input.Length)
        {
            Bits |= (ulong)_input[_position++] << _count;
            _count += 8;
        }
    }

    /// <summary>Drops <paramref name="count"/> bits, at most 56 between two calls of <see cref="Refill"/>.</summary>
    public void Drop(int count)
    {
        Bits >>= count;
        _count -= count;
    }

    /// <summary>Returns and drops the next <paramref name="count"/> bits.</summary>
    public uint Take(int count)
    {
        uint value = (uint)(Bits & ((1UL << count) - 1));
        Drop(count);
        return value;
    }

    /// <summary>Drops bits up to the next byte's boundary and returns the next <paramref name="lengthBytes"/> bytes.</summary>
    /// <returns>False when fewer bytes are left.</returns>
    public bool TryTakeBytes(int lengthBytes, out ReadOnlySpan<byte> bytes)
    {
        int start = Position;
        if (lengthBytes > _input.Length - start)
        {
            bytes = default;
            return false;
        }

        bytes = _input.Slice(start, lengthBytes);
        _position = start + lengthBytes;
        _count = 0;
        Bits = 0;
        return true;
    }
}
