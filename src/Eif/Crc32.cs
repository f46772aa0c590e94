using System.Buffers.Binary;

namespace Init.Eif;

/// <summary>CRC-32/ISO-HDLC, of which the header carries one and each gzip trailer another; eight bytes a step (slicing-by-8).</summary>
/// <remarks>System.IO.Hashing is a package, and the prover's own is inside its room.</remarks>
internal struct Crc32
{
    private const uint ReversedPolynomial = 0xedb88320;
    private const int Slices = 8;

    private static readonly uint[] Table = BuildTable();

    private uint _value;

    /// <summary>The checksum of what was appended.</summary>
    public readonly uint Value => _value;

    public void Append(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> table = Table;
        uint crc = ~_value;
        while (data.Length >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ crc;
            crc = table[(7 * 256) + (int)(word & 0xff)]
                ^ table[(6 * 256) + (int)((word >> 8) & 0xff)]
                ^ table[(5 * 256) + (int)((word >> 16) & 0xff)]
                ^ table[(4 * 256) + (int)((word >> 24) & 0xff)]
                ^ table[(3 * 256) + (int)((word >> 32) & 0xff)]
                ^ table[(2 * 256) + (int)((word >> 40) & 0xff)]
                ^ table[256 + (int)((word >> 48) & 0xff)]
                ^ table[(int)(word >> 56)];
            data = data[sizeof(ulong)..];
        }

        foreach (byte value in data)
        {
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        _value = ~crc;
    }

    private static uint[] BuildTable()
    {
        uint[] table = new uint[Slices * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ ReversedPolynomial : crc >> 1;
            }

            table[i] = crc;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint previous = table[i - 256];
            table[i] = table[(byte)previous] ^ (previous >> 8);
        }

        return table;
    }
}
