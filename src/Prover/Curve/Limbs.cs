using System.Buffers.Binary;

namespace Init.Prover.Curve;

/// <summary>A 256-bit number in 64-bit limbs, least significant first.</summary>
/// <param name="L0">Bits 0 to 63.</param>
/// <param name="L1">Bits 64 to 127.</param>
/// <param name="L2">Bits 128 to 191.</param>
/// <param name="L3">Bits 192 to 255.</param>
internal readonly record struct Limbs(ulong L0, ulong L1, ulong L2, ulong L3)
{
    /// <summary>Reads 32 bytes, most significant first.</summary>
    public static Limbs FromBigEndian(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes));

    /// <summary>Writes 32 bytes, most significant first.</summary>
    public void WriteBigEndian(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], L0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], L1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], L2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, L3);
    }

    /// <summary>Bit <paramref name="index"/>, 0 to 255.</summary>
    public bool Bit(int index) => ((Limb(index >> 6) >> (index & 63)) & 1) != 0;

    /// <summary>The limb of bits 64 <paramref name="index"/> to 64 <paramref name="index"/> + 63.</summary>
    public ulong Limb(int index) => index switch { 0 => L0, 1 => L1, 2 => L2, _ => L3 };
}
