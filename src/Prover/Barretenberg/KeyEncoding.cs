namespace Init.Prover.Barretenberg;

/// <summary>The encoding of an UltraHonk verification key: field elements, of which the first three are integers.</summary>
/// <remarks>
/// Barretenberg 5.0.0 reads log of the size, number and offset of the public inputs from the low 8 bytes of their
/// elements and ignores the rest, so that many byte strings are one key. Here only one of them is.
/// </remarks>
internal static class KeyEncoding
{
    private const int IntegerElements = 3;
    private const int IntegerBytes = 8;

    /// <summary>Refuses a key that Barretenberg would read as another byte string's key.</summary>
    /// <exception cref="ProverException">InvalidInput, TooLarge.</exception>
    public static void Require(ReadOnlyMemory<byte> key)
    {
        Field.RequireElements("verification key", key);
        if (key.Length < IntegerElements * Field.ElementBytes)
        {
            throw new ProverException(ProverError.InvalidInput, $"read verification key: {key.Length} bytes are too few");
        }

        for (int i = 0; i < IntegerElements; i++)
        {
            if (key.Span.Slice(i * Field.ElementBytes, Field.ElementBytes - IntegerBytes).ContainsAnyExcept((byte)0))
            {
                throw new ProverException(ProverError.InvalidInput, $"read verification key: element {i} is no integer of {IntegerBytes} bytes");
            }
        }
    }
}
