namespace Init.Wire;

/// <summary>What a client asks for. Byte strings are slices of the message it was decoded from, valid as long as that is.</summary>
/// <remarks>Two requests are equal when their encodings are; as records they compare the places of their bytes.</remarks>
public abstract record Request
{
    /// <summary>What is asked for.</summary>
    public abstract Operation Operation { get; }

    /// <summary>How long the answer may take, from when the server has the whole request; 0 for <see cref="WireLimits.DefaultDeadlineOf"/>.</summary>
    public uint DeadlineMs { get; init; }

    internal abstract void WriteArguments(ref CborWriter writer);
}
