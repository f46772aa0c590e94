namespace Init.Sealing;

/// <summary>Why something could not be sealed or opened; carried by <see cref="SealingException"/>.</summary>
public enum SealingError
{
    /// <summary>A public or encapsulated key is no point of the curve, or is encoded in another way.</summary>
    InvalidKey,

    /// <summary>A length that no sealed message has.</summary>
    InvalidLength,

    /// <summary>What was sealed is not what arrived: another key, changed, cut, reordered, or of another request.</summary>
    NotAuthentic,

    /// <summary>No key of that id is held: it was never made here, has expired or has opened all it may.</summary>
    UnknownKey,

    /// <summary>The request was opened before.</summary>
    Replayed,
}
