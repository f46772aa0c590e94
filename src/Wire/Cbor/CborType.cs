namespace Init.Wire;

/// <summary>What a <see cref="CborReader"/> stands before.</summary>
public enum CborType
{
    /// <summary>An integer of 0 or more.</summary>
    UnsignedInteger,

    /// <summary>An integer below 0.</summary>
    NegativeInteger,

    /// <summary>Bytes in one piece.</summary>
    ByteString,

    /// <summary>Bytes of indefinite length, in chunks.</summary>
    ByteChunks,

    /// <summary>Text in one piece.</summary>
    TextString,

    /// <summary>Text of indefinite length, in chunks.</summary>
    TextChunks,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A map.</summary>
    Map,

    /// <summary>A tag, whose content follows.</summary>
    Tag,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Null.</summary>
    Null,

    /// <summary>Undefined, or a simple value without a name.</summary>
    Simple,

    /// <summary>A floating-point number.</summary>
    FloatingPoint,

    /// <summary>The end of an indefinite length.</summary>
    Break,

    /// <summary>The end of the document.</summary>
    End,
}
