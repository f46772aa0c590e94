namespace Init.Prover.Curve;

/// <summary>The modulus p of the field that BN254's coordinates are in; the order of Grumpkin.</summary>
internal readonly struct BaseFieldModulus : IModulus
{
    /// <inheritdoc/>
    public static ulong Limb0 => 0x3c208c16d87cfd47;

    /// <inheritdoc/>
    public static ulong Limb1 => 0x97816a916871ca8d;

    /// <inheritdoc/>
    public static ulong Limb2 => 0xb85045b68181585d;

    /// <inheritdoc/>
    public static ulong Limb3 => 0x30644e72e131a029;

    /// <inheritdoc/>
    public static ulong NegativeInverse => 0x87d20782e4866389;

    /// <inheritdoc/>
    public static Limbs RSquared => new(0xf32cfc5b538afa89, 0xb5e71911d44501fb, 0x47ab1eff0a417ff6, 0x06d89f71cab8351f);
}
