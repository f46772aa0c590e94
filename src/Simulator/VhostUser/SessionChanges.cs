namespace Init.Simulator.VhostUser;

/// <summary>What a front end's message has changed for the device.</summary>
[Flags]
internal enum SessionChanges : byte
{
    None = 0,

    /// <summary>A queue runs; it may have been filled before.</summary>
    Started = 1,

    /// <summary>A queue was stopped: the driver has gone.</summary>
    Stopped = 2,

    /// <summary>The front end has gone; no queue runs.</summary>
    Ended = 4,
}
