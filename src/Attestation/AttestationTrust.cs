namespace Init.Attestation;

/// <summary>What an accepted document's truth rests on.</summary>
public enum AttestationTrust
{
    /// <summary>Nothing: the document is refused.</summary>
    None,

    /// <summary>Nothing: a simulator made it, nobody signed it, and the policy allows that.</summary>
    NotSigned,

    /// <summary>A root that the caller configured in place of AWS's.</summary>
    ConfiguredRoot,

    /// <summary>AWS's root.</summary>
    Aws,
}
