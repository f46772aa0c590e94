using Xunit;

namespace Init.Testing;

/// <summary>A fact that needs the shared vectors, and is skipped where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorsFactAttribute : FactAttribute
{
    private bool _needsRoot;

    public VectorsFactAttribute()
    {
        if (Places.Vectors is null)
        {
            Skip = "skipped: no vectors";
        }
    }

    /// <summary>Whether the fact also needs root, for mknod and chroot.</summary>
    public bool NeedsRoot
    {
        get => _needsRoot;
        set
        {
            _needsRoot = value;
            if (value && !Environment.IsPrivilegedProcess)
            {
                Skip = "skipped: not root";
            }
        }
    }
}
