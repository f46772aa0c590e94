using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Init.Proving;

/// <summary>The SHA-256 of a circuit's gzipped bytecode: what later requests name it by.</summary>
internal readonly record struct CircuitHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int LengthBytes = SHA256.HashSizeInBytes;

    private const int PieceBytes = 1 << 20; // about a millisecond

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

    /// <summary>Hashes, a piece at a time, so that a large circuit does not keep others from the thread pool.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async ValueTask<CircuitHash> OfAsync(ReadOnlyMemory<byte> bytecodeGzip, CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (ReadOnlyMemory<byte> left = bytecodeGzip; !left.IsEmpty; left = left[Math.Min(left.Length, PieceBytes)..])
        {
            hash.AppendData(left.Span[..Math.Min(left.Length, PieceBytes)]);
            if (left.Length > PieceBytes)
            {
                cancellation.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        return new CircuitHash(hash.GetHashAndReset());
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
