using Init.Wire;

namespace Init.Boot;

/// <summary>How a stage ended that did not fail.</summary>
/// <param name="Outcome">Done, Skipped or Tolerated.</param>
/// <param name="Detail">For the console: what holds now.</param>
internal readonly record struct StageResult(StageOutcome Outcome, string Detail)
{
    /// <summary>It did its work.</summary>
    public static StageResult Done(string detail) => new(StageOutcome.Done, detail);

    /// <summary>There was nothing to do.</summary>
    public static StageResult Skipped(string detail) => new(StageOutcome.Skipped, detail);

    /// <summary>It failed, and the configuration says that the enclave goes on.</summary>
    public static StageResult Tolerated(string detail) => new(StageOutcome.Tolerated, detail);
}
