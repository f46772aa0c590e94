using Init.Wire;

namespace Init.Attestation.Cose;

/// <summary>Refuses what is no attestation document.</summary>
internal static class Malformed
{
    public static void Unless(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Because(otherwise);
        }
    }

    public static AttestationException Because(string cause, WireException? inner = null) =>
        new(AttestationError.Malformed, $"read attestation document: {cause}", inner);
}
