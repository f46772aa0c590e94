namespace Init.Wire;

/// <summary>How far a prove request has come.</summary>
public enum ProgressStage : byte
{
    /// <summary>Waits for a prover; the detail is how many wait before it.</summary>
    Queued = 1,

    /// <summary>A prover has begun.</summary>
    Started = 2,

    /// <summary>Still proving; sent every second.</summary>
    Running = 3,
}
