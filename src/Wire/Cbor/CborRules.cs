namespace Init.Wire;

/// <summary>Which documents a <see cref="CborReader"/> accepts. Never: trailing bytes, duplicate keys, bad UTF-8, reserved values.</summary>
public enum CborRules
{
    /// <summary>RFC 8949 section 4.2.1: the protocol. Every value has exactly one encoding.</summary>
    Deterministic,

    /// <summary>
    /// Well-formed and valid (RFC 8949 section 5.3.1), for what others encode: keys in any order, indefinite lengths, longer integers.
    /// A key is an integer or a string in one piece.
    /// </summary>
    WellFormed,
}
