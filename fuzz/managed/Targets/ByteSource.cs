namespace Init.Fuzz.Targets;

/// <summary>An input as choices, one after the other; zeros behind its end.</summary>
internal sealed class ByteSource(byte[] bytes)
{
    private int _at;

    /// <summary>Whether any are left.</summary>
    public bool HasMore => _at < bytes.Length;

    /// <summary>The next one.</summary>
    public byte Next() => HasMore ? bytes[_at++] : (byte)0;

    /// <summary>At most so many of what is left.</summary>
    public byte[] Take(int count)
    {
        byte[] taken = bytes[_at..Math.Min(bytes.Length, _at + count)];
        _at += taken.Length;
        return taken;
    }
}
