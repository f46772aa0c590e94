namespace Init.Prover.Tests;

/// <summary>Data that is not part of the checkout: real ceremony points, circuits compiled by Noir.</summary>
internal static class Vectors
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>A file of it.</summary>
    public static string PathOf(string relative) => Path.Combine(Folder!, relative);

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("INIT_VECTORS");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? named : null;
        }

        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Init.sln")))
            {
                string vectors = Path.Combine(folder, "..", "shared", "vectors");
                return Directory.Exists(vectors) ? vectors : null;
            }
        }

        return null;
    }
}

/// <summary>A fact about the vectors; says that it was skipped where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute()
    {
        if (Vectors.Folder is null)
        {
            Skip = "skipped: no vectors";
        }
    }
}
