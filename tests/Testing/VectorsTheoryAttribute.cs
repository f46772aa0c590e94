using Xunit;

namespace Init.Testing;

/// <summary>A theory that needs the shared vectors, and is skipped where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorsTheoryAttribute : TheoryAttribute
{
    public VectorsTheoryAttribute()
    {
        if (Places.Vectors is null)
        {
            Skip = "skipped: no vectors";
        }
    }
}
