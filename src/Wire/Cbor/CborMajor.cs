namespace Init.Wire;

/// <summary>RFC 8949 section 3.1.</summary>
internal enum CborMajor : byte
{
    UnsignedInteger = 0,
    NegativeInteger = 1,
    ByteString = 2,
    TextString = 3,
    Array = 4,
    Map = 5,
    Tag = 6,

    /// <summary>Simple values, floating-point numbers and the break.</summary>
    Simple = 7,
}
