using System.Numerics;
using Init.Testing;

namespace Init.Attestation.Tests;

internal static class Shorthand
{
    /// <summary>At the forge's time.</summary>
    public static AttestationVerifier Verifier(this AttestationPolicy policy) => new(policy, new ManualTime(Forge.Now));

    /// <summary>Big-endian, with leading zeros.</summary>
    public static byte[] ToFixed(this BigInteger value, int bytes)
    {
        byte[] shortest = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[bytes - shortest.Length], .. shortest];
    }
}
