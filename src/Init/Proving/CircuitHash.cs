using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Init.Proving;

/// <summary>The SHA-256 of a circuit's gzipped bytecode: what later requests name it by.</summary>
internal readonly record struct CircuitHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int LengthBytes = SHA256.HashSizeInBytes;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>Reads a hash.</summary>
    /// <param name="bytes">32 bytes.</param>
    public CircuitHash(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, LengthBytes);
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>Hashes.</summary>
    public static CircuitHash Of(ReadOnlySpan<byte> bytecodeGzip)
    {
        Span<byte> hash = stackalloc byte[LengthBytes];
        SHA256.HashData(bytecodeGzip, hash);
        return new CircuitHash(hash);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[LengthBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), _low);
        return bytes;
    }
}
