namespace Init.Wire;

/// <summary>Why bytes were refused; carried by <see cref="WireException"/>.</summary>
public enum WireError
{
    /// <summary>The bytes are not what the specification says.</summary>
    Malformed,

    /// <summary>A length, a count, a depth or a number is over its limit.</summary>
    TooLarge,

    /// <summary>The frame's CRC-32C is not that of its body: the transport has changed bytes.</summary>
    Checksum,

    /// <summary>A value given to an encoder cannot be put on the wire: a bug in the caller.</summary>
    InvalidValue,
}
