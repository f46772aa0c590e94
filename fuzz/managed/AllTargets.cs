using Init.Fuzz.Targets;

namespace Init.Fuzz;

/// <summary>Every managed target.</summary>
internal static class AllTargets
{
    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        .. WireTargets.List,
        .. SealingTargets.List,
        .. ProverTargets.List,
        .. AttestationTargets.List,
        .. NsmTargets.List,
        .. EifTargets.List,
        .. BootTargets.List,
        .. CommandLineTarget.List,
        .. AnswersTarget.List,
        .. ServerTarget.List,
    ];
}
