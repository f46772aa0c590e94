namespace Init.Prover;

/// <summary>Instruction sets that the prover uses where the CPU has them; <c>prover_feature</c> in prover.h.</summary>
[Flags]
public enum CpuFeatures
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>ADX: two carry chains.</summary>
    Adx = 1,

    /// <summary>AVX-512, IFMA's instructions included.</summary>
    Avx512 = 2,

    /// <summary>AVX-512 IFMA.</summary>
    Ifma = 4,
}
