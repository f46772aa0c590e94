using Xunit;

namespace Init.Testing;

/// <summary>A fact that needs the shared vectors, and is skipped where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorsFactAttribute : FactAttribute
{
    public VectorsFactAttribute()
    {
        if (Places.Vectors is null)
        {
            Skip = "skipped: no vectors";
        }
    }
}
