namespace Init.Nsm;

/// <summary>The NSM's commands (aws-nitro-enclaves-nsm-api, src/api/mod.rs).</summary>
public enum NsmCommand
{
    /// <summary>DescribeNSM.</summary>
    DescribeNsm,

    /// <summary>DescribePCR.</summary>
    DescribePcr,

    /// <summary>ExtendPCR.</summary>
    ExtendPcr,

    /// <summary>LockPCR.</summary>
    LockPcr,

    /// <summary>LockPCRs.</summary>
    LockPcrs,

    /// <summary>Attestation.</summary>
    Attestation,

    /// <summary>GetRandom.</summary>
    GetRandom,
}
