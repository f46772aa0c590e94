using Init.Testing;

namespace Init.Attestation.Tests;

/// <summary>A fact about the shared vectors that another program judges, skipped where one of them is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramVectorsFactAttribute : ProgramFactAttribute
{
    public ProgramVectorsFactAttribute(string program)
        : base(program)
    {
        if (Places.Vectors is null)
        {
            Skip = "skipped: no vectors";
        }
    }
}
