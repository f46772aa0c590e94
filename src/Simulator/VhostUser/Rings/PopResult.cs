namespace Init.Simulator.VhostUser.Rings;

/// <summary>What taking a chain from a ring gave.</summary>
internal enum PopResult : byte
{
    /// <summary>The guest has made nothing available.</summary>
    Empty,

    /// <summary>A chain, checked.</summary>
    Chain,

    /// <summary>The guest wrote nonsense: the ring is dead until the device is started anew.</summary>
    Broken,
}
