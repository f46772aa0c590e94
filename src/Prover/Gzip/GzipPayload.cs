using Init.Prover.MessagePack;

namespace Init.Prover.Gzip;

/// <summary>A gzipped input whose unpacked length is known, and which is unpacked straight into a request.</summary>
internal sealed class GzipPayload
{
    private readonly ReadOnlyMemory<byte> _compressed;

    /// <exception cref="ProverException">InvalidInput, TooLarge, with the input's name.</exception>
    public GzipPayload(string what, ReadOnlyMemory<byte> compressed, int limitBytes)
    {
        _compressed = compressed;
        try
        {
            LengthBytes = (int)GzipDecoder.Measure(compressed.Span, limitBytes);
        }
        catch (ProverException inner)
        {
            throw new ProverException(inner.Error, $"read {what}: {inner.Message}", inner);
        }
    }

    /// <summary>The unpacked length in bytes.</summary>
    public int LengthBytes { get; }

    /// <summary>Writes the unpacked bytes as one MessagePack binary.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteBinaryHeader(LengthBytes);
        Span<byte> target = writer.Reserve(LengthBytes);
        if (!writer.IsMeasuring)
        {
            GzipDecoder.Decode(_compressed.Span, target);
        }
    }
}
