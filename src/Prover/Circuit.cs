using System.Text;
using Init.Prover.Gzip;

namespace Init.Prover;

/// <summary>A Noir circuit as it arrives: gzipped ACIR bytecode, unpacked only inside the sandbox.</summary>
public sealed class Circuit
{
    /// <summary>The largest unpacked bytecode that is accepted, in bytes.</summary>
    public const int MaxBytecodeBytes = 256 << 20;

    /// <summary>The longest name, in UTF-8 bytes.</summary>
    public const int MaxNameBytes = 128;

    /// <summary>Checks the gzip container without unpacking it anywhere.</summary>
    /// <param name="bytecodeGzip">What Noir puts, base64-encoded, into <c>prog.json</c> as <c>bytecode</c>.</param>
    /// <param name="name">For messages; bb does not prove anything about it.</param>
    /// <exception cref="ProverException">InvalidInput, TooLarge.</exception>
    public Circuit(ReadOnlyMemory<byte> bytecodeGzip, string name = "circuit")
    {
        if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
        {
            throw new ProverException(ProverError.TooLarge, $"read circuit: name longer than {MaxNameBytes} bytes");
        }

        Name = name;
        Bytecode = new GzipPayload("bytecode", bytecodeGzip, MaxBytecodeBytes);
    }

    /// <summary>For messages.</summary>
    public string Name { get; }

    internal GzipPayload Bytecode { get; }
}
