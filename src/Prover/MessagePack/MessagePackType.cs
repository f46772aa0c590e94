namespace Init.Prover.MessagePack;

/// <summary>The families of MessagePack values that bbapi uses.</summary>
internal enum MessagePackType
{
    /// <summary>The absent value.</summary>
    Nil,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A signed or unsigned integer of up to 64 bits.</summary>
    Integer,

    /// <summary>An IEEE 754 double (float32 is widened).</summary>
    Float,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Bytes.</summary>
    Binary,

    /// <summary>A sequence of values.</summary>
    Array,

    /// <summary>Pairs of a string key and a value.</summary>
    Map,
}
