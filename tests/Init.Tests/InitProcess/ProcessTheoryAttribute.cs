namespace Init.Init.Tests.InitProcess;

/// <summary>As <see cref="ProcessFactAttribute"/>, for theories.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProcessTheoryAttribute : TheoryAttribute
{
    private bool _needsNamespace;

    public ProcessTheoryAttribute() => Skip = BootedProcess.WhyNot();

    /// <summary>Whether it also needs a PID namespace of its own, which takes root.</summary>
    public bool NeedsNamespace
    {
        get => _needsNamespace;
        set
        {
            _needsNamespace = value;
            if (value && !Environment.IsPrivilegedProcess)
            {
                Skip = "skipped: not root";
            }
        }
    }
}
