namespace Init.Attestation;

/// <summary>How a step ended.</summary>
public enum AttestationOutcome
{
    /// <summary>It was checked and is as it must be.</summary>
    Passed,

    /// <summary>It was checked and is not; the document is refused.</summary>
    Failed,

    /// <summary>It was not checked, since nobody asked, or because an earlier step failed.</summary>
    Skipped,
}
