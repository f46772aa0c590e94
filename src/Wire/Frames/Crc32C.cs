using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Init.Wire;

/// <summary>CRC-32C, RFC 3720 appendix B.4: polynomial 1EDC6F41 reflected, initial and final value all ones.</summary>
/// <remarks>Against what a hypervisor does to large writes, not against an adversary.</remarks>
public struct Crc32C
{
    // The complement of the register, so that a default value is a fresh one.
    private uint _complement;

    /// <summary>The checksum of what was appended so far.</summary>
    public readonly uint Value => _complement;

    /// <summary>Goes on over <paramref name="bytes"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint register = ~_complement;
        while (bytes.Length >= sizeof(ulong))
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes)
        {
            register = BitOperations.Crc32C(register, b);
        }

        _complement = ~register;
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
}
