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
    private static readonly Vector128<ulong> ByFourLanes = Vector128.Create(0x740eef02UL, 0x9e4addf8UL);
    private static readonly Vector128<ulong> ByOneLane = Vector128.Create(0xf20c0dfeUL, 0x493c7d27UL);

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
        Vector128<ulong> first = groups[0].First ^ Vector128.CreateScalar((ulong)register);
        Vector128<ulong> second = groups[0].Second, third = groups[0].Third, fourth = groups[0].Fourth;
        foreach (ref readonly Group group in groups[1..])
        {
            first = MovedOn(first, ByFourLanes) ^ group.First;
            second = MovedOn(second, ByFourLanes) ^ group.Second;
            third = MovedOn(third, ByFourLanes) ^ group.Third;
            fourth = MovedOn(fourth, ByFourLanes) ^ group.Fourth;
        }

        bytes = bytes[(groups.Length * GroupBytes)..];
        Vector128<ulong> sum = MovedOn(MovedOn(MovedOn(first, ByOneLane) ^ second, ByOneLane) ^ third, ByOneLane) ^ fourth;

        // What is left is a lane that has the remainder of all that came before it.
        return BitOperations.Crc32C(BitOperations.Crc32C(0u, sum.GetElement(0)), sum.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> MovedOn(Vector128<ulong> lane, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(lane, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, by, 0x11);

    /// <summary>Four lanes of 16 bytes, as they lie in memory.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Group(Vector128<ulong> First, Vector128<ulong> Second, Vector128<ulong> Third, Vector128<ulong> Fourth);
}
