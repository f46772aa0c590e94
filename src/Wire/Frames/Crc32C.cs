using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Init.Wire;

/// <summary>CRC-32C, RFC 3720 appendix B.4: polynomial 1EDC6F41 reflected, initial and final value all ones.</summary>
/// <remarks>
/// Against what a hypervisor does to large writes, not against an adversary. Long pieces are folded by carry-less multiplication, four
/// lanes of 16 bytes at a time (Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction"); the crc32
/// instruction, whose result each step waits for, does the rest, and all of it where a processor lacks the other.
/// </remarks>
public struct Crc32C
{
    /// <summary>Shorter pieces are not folded: what it takes to begin and end is more than it saves.</summary>
    internal const int LeastFoldedBytes = 256;

    private const int GroupBytes = 64;

    // x^(d+31) and x^(d-33) modulo the polynomial, reflected: what the two halves of a lane are multiplied by to move on by d bits.
    private static Vector128<ulong> ByFourLanes => Vector128.Create(0x740eef02UL, 0x9e4addf8UL);

    private static Vector128<ulong> ByOneLane => Vector128.Create(0xf20c0dfeUL, 0x493c7d27UL);

    // x to the power of 8, 16, 32, ... modulo the polynomial, reflected: what a register is multiplied by to move on by 1, 2, 4, ... bytes.
    private static ReadOnlySpan<uint> ByBytes =>
    [
        0x00800000, 0x00008000, 0x82f63b78, 0x6ea2d55c, 0x18b8ea18, 0x510ac59a, 0xb82be955, 0xb8fdb1e7,
        0x88e56f72, 0x74c360a4, 0xe4172b16, 0x0d65762a, 0x35d73a62, 0x28461564, 0xbf455269, 0xe2ea32dc,
        0xfe7740e6, 0xf946610b, 0x3c204f8f, 0x538586e3, 0x59726915,
    ];

    // The complement of the register, so that a default value is a fresh one.
    private uint _complement;

    /// <summary>The checksum of what was appended so far.</summary>
    public readonly uint Value => _complement;

    /// <summary>Goes on over <paramref name="bytes"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint register = ~_complement;
        if (Pclmulqdq.IsSupported && bytes.Length >= LeastFoldedBytes)
        {
            register = Fold(register, ref bytes);
        }

        _complement = ~StepByStep(register, bytes);
    }

    /// <summary>Goes on over <paramref name="bytes"/>, segment by segment.</summary>
    public void Append(in ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            Append(segment.Span);
        }
    }

    /// <summary>Goes on over bytes that another checksum has gone over, without looking at them again.</summary>
    /// <param name="known">What is known of them; no more than 2 MiB.</param>
    public void Append(in KnownBytes known)
    {
        // What bytes make of a register is a sum: of what they are, and of what was there before, moved on by as many zeros.
        uint register = _complement ^ known.Before._complement;
        int power = 0;
        for (int count = known.Count; count > 0; count >>= 1, power++)
        {
            register = (count & 1) != 0 ? Product(register, ByBytes[power]) : register;
        }

        _complement = register ^ known.After._complement;
    }

    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        Crc32C crc = default;
        crc.Append(bytes);
        return crc.Value;
    }

    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Compute(in ReadOnlySequence<byte> bytes)
    {
        Crc32C crc = default;
        crc.Append(bytes);
        return crc.Value;
    }

    /// <summary>The register after <paramref name="bytes"/>, eight at a time.</summary>
    internal static uint StepByStep(uint register, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes)
        {
            register = BitOperations.Crc32C(register, b);
        }

        return register;
    }

    /// <summary>The register after all of <paramref name="bytes"/> but the last few, which are left.</summary>
    private static uint Fold(uint register, ref ReadOnlySpan<byte> bytes)
    {
        // Whole groups as values: the loop then has no check but its own end, and is one block for a processor that is emulated.
        ReadOnlySpan<Group> groups = MemoryMarshal.Cast<byte, Group>(bytes);
        Vector128<ulong> by = ByFourLanes;
        Vector128<ulong> first = groups[0].First ^ Vector128.CreateScalar((ulong)register);
        Vector128<ulong> second = groups[0].Second, third = groups[0].Third, fourth = groups[0].Fourth;
        foreach (ref readonly Group group in groups[1..])
        {
            // All products before the first sum: an emulator keeps a product in memory, and a sum that follows at once waits for it to get there.
            Vector128<ulong> firstLow = Lows(first, by), firstHigh = Highs(first, by), secondLow = Lows(second, by), secondHigh = Highs(second, by);
            Vector128<ulong> thirdLow = Lows(third, by), thirdHigh = Highs(third, by), fourthLow = Lows(fourth, by), fourthHigh = Highs(fourth, by);
            first = firstLow ^ firstHigh ^ group.First;
            second = secondLow ^ secondHigh ^ group.Second;
            third = thirdLow ^ thirdHigh ^ group.Third;
            fourth = fourthLow ^ fourthHigh ^ group.Fourth;
        }

        bytes = bytes[(groups.Length * GroupBytes)..];
        by = ByOneLane;
        Vector128<ulong> sum = MovedOn(MovedOn(MovedOn(first, by) ^ second, by) ^ third, by) ^ fourth;

        // What is left is a lane that has the remainder of all that came before it.
        return BitOperations.Crc32C(BitOperations.Crc32C(0u, sum.GetElement(0)), sum.GetElement(1));
    }

    // Of two polynomials, modulo this one, all reflected: the highest bit is the 1.
    private static uint Product(uint left, uint right)
    {
        const uint Polynomial = 0x82f63b78;
        uint product = 0;
        for (uint bit = 1u << 31; bit != 0; bit >>= 1)
        {
            product ^= (left & bit) != 0 ? right : 0;
            right = (right >> 1) ^ ((right & 1) != 0 ? Polynomial : 0);
        }

        return product;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> MovedOn(Vector128<ulong> lane, Vector128<ulong> by) => Lows(lane, by) ^ Highs(lane, by);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Lows(Vector128<ulong> lane, Vector128<ulong> by) => Pclmulqdq.CarrylessMultiply(lane, by, 0x00);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Highs(Vector128<ulong> lane, Vector128<ulong> by) => Pclmulqdq.CarrylessMultiply(lane, by, 0x11);

    /// <summary>Four lanes of 16 bytes, as they lie in memory.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Group(Vector128<ulong> First, Vector128<ulong> Second, Vector128<ulong> Third, Vector128<ulong> Fourth);
}
