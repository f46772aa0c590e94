namespace Init.Linux;

/// <summary>One system call that a filter lets through.</summary>
/// <param name="Call">Which.</param>
/// <param name="Reason">Who needs it, and for what.</param>
/// <param name="Checks">What its arguments must be, all of them; none: whatever they are.</param>
public sealed record SystemCallRule(SystemCall Call, string Reason, params ArgumentCheck[] Checks)
{
    /// <summary>What is done with it.</summary>
    public SystemCallAnswer Answer { get; init; } = SystemCallAnswer.Allowed;
}
