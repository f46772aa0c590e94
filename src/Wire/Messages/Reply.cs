namespace Init.Wire;

/// <summary>What a server answers. Byte strings are slices of the message it was decoded from, valid as long as that is.</summary>
public abstract record Reply
{
    /// <summary>What had been asked for.</summary>
    public abstract Operation Operation { get; }

    // What the encoding ends with, where that is bytes that are there already; empty where it ends with anything else.
    internal virtual ReadOnlyMemory<byte> Tail => default;

    internal abstract void WriteResult(ref CborWriter writer);

    internal virtual void WriteResultUpToTail(ref CborWriter writer) => WriteResult(ref writer);
}
