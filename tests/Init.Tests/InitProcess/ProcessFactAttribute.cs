using Init.Testing;

namespace Init.Init.Tests.InitProcess;

/// <summary>A fact about the static executable init-process; skipped where that or the ceremony's points are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProcessFactAttribute : FactAttribute
{
    private bool _needsNamespace;

    public ProcessFactAttribute() => Skip = BootedProcess.WhyNot();

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
