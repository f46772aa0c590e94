namespace Init.Boot;

/// <summary>One row of boot's table.</summary>
/// <param name="Name">On the console, in health, in the failure record.</param>
/// <param name="Deadline">How long it may take before the watchdog ends the enclave.</param>
/// <param name="Run">Does it. Any exception is the stage's failure.</param>
internal sealed record Stage(string Name, TimeSpan Deadline, Func<StageResult> Run)
{
    /// <summary>
    /// The stage that needs what this one makes. Until then this one runs on a thread of its own, beside those between them, and must not
    /// touch what they make. Null: nothing begins before it is done.
    /// </summary>
    public string? NeededBy { get; init; }
}
