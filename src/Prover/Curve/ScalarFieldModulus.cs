namespace Init.Prover.Curve;

/// <summary>The modulus r of the field that Grumpkin's coordinates are in; the order of BN254.</summary>
internal readonly struct ScalarFieldModulus : IModulus
{
    /// <inheritdoc/>
    public static ulong Limb0 => 0x43e1f593f0000001;

    /// <inheritdoc/>
    public static ulong Limb1 => 0x2833e84879b97091;

    /// <inheritdoc/>
    public static ulong Limb2 => 0xb85045b68181585d;

    /// <inheritdoc/>
    public static ulong Limb3 => 0x30644e72e131a029;

    /// <inheritdoc/>
    public static ulong NegativeInverse => 0xc2e1f593efffffff;

    /// <inheritdoc/>
    public static Limbs RSquared => new(0x1bb8e645ae216da7, 0x53fe3ab1e35c59e3, 0x8c49833d53bb8085, 0x0216d0b17f4e44a5);
}
