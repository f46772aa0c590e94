namespace Init.Wire;

/// <summary>The versions of the protocol that this room speaks. A connection without <c>hello</c> speaks version 1.</summary>
public static class ProtocolVersion
{
    /// <summary>The oldest.</summary>
    public const uint Lowest = 1;

    /// <summary>The newest.</summary>
    public const uint Highest = 1;

    /// <summary>The newest version that both sides speak, or null where there is none.</summary>
    public static uint? Choose(HelloRequest wanted)
    {
        uint chosen = Math.Min(wanted.MaxVersion, Highest);
        return chosen >= Math.Max(wanted.MinVersion, Lowest) ? chosen : null;
    }
}
