namespace Init.Wire;

/// <summary>What a server answers. Byte strings are slices of the message it was decoded from, valid as long as that is.</summary>
public abstract record Reply
{
    /// <summary>What had been asked for.</summary>
    public abstract Operation Operation { get; }

    internal abstract void WriteResult(ref CborWriter writer);
}
