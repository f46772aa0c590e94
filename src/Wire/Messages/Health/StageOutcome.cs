namespace Init.Wire;

/// <summary>How a stage of the boot ended.</summary>
public enum StageOutcome : byte
{
    /// <summary>It did its work.</summary>
    Done = 0,

    /// <summary>There was nothing to do: it does not apply here, or another init had done it.</summary>
    Skipped = 1,

    /// <summary>It failed, and the configuration says that the enclave goes on.</summary>
    Tolerated = 2,

    /// <summary>It failed, and the enclave ends.</summary>
    Failed = 3,
}
