namespace Init.Prover.Barretenberg;

/// <summary>Sizes on the wire.</summary>
internal static class Field
{
    /// <summary>A field element: 32 bytes, big-endian.</summary>
    public const int ElementBytes = 32;

    /// <summary>An affine point: two elements.</summary>
    public const int PointBytes = 64;

    /// <summary>A hostile proof or key is refused beyond this; real ones have tens of kilobytes.</summary>
    public const int MaxProofBytes = 16 << 20;

    /// <summary>Refuses what cannot be a sequence of field elements.</summary>
    /// <exception cref="ProverException">InvalidInput, TooLarge.</exception>
    public static void RequireElements(string what, ReadOnlyMemory<byte> bytes)
    {
        RequireSize(what, bytes);
        if (bytes.Length % ElementBytes != 0)
        {
            throw new ProverException(ProverError.InvalidInput, $"read {what}: {bytes.Length} bytes is no multiple of {ElementBytes}");
        }
    }

    /// <summary>Refuses what is larger than any proof or key.</summary>
    /// <exception cref="ProverException">TooLarge.</exception>
    public static void RequireSize(string what, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxProofBytes)
        {
            throw new ProverException(ProverError.TooLarge, $"read {what}: {bytes.Length} bytes, limit {MaxProofBytes}");
        }
    }
}
