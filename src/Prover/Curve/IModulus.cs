namespace Init.Prover.Curve;

/// <summary>An odd prime below 2^254, in 64-bit limbs, least significant first; names a field at compile time.</summary>
internal interface IModulus
{
    /// <summary>Bits 0 to 63.</summary>
    static abstract ulong Limb0 { get; }

    /// <summary>Bits 64 to 127.</summary>
    static abstract ulong Limb1 { get; }

    /// <summary>Bits 128 to 191.</summary>
    static abstract ulong Limb2 { get; }

    /// <summary>Bits 192 to 255.</summary>
    static abstract ulong Limb3 { get; }

    /// <summary>-1 / modulus mod 2^64, the constant of Montgomery's reduction.</summary>
    static abstract ulong NegativeInverse { get; }

    /// <summary>2^512 mod the modulus: multiplying by it enters Montgomery form.</summary>
    static abstract Limbs RSquared { get; }
}
