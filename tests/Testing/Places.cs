namespace Init.Testing;

/// <summary>Where the checkout, the vectors and what the build made for tests are.</summary>
public static class Places
{
    /// <summary>The folder of Init.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The shared vectors: INIT_VECTORS, or beside the checkout. Null where there are none.</summary>
    public static string? Vectors { get; } = FindVectors();

    /// <summary>The unmodified native bb from npm, which setup has put there.</summary>
    public static string NativeBb => Path.Combine(Root, "native/prover/node_modules/@aztec/bb.js/build/amd64-linux/bb");

    /// <summary>A copy of bb that trusts the development SRS; <c>make test-inputs</c> makes it.</summary>
    public static string DevSrsBb => Path.Combine(Root, "out/test/bb-dev-srs");

    /// <summary>The insecure development SRS; <c>make test-inputs</c> makes it.</summary>
    public static string DevSrs => Path.Combine(Root, "out/test/dev-srs");

    /// <summary>The ceremony's first 1,025 points, from the shared vectors.</summary>
    public static string CeremonyCrs => Vector("crs");

    /// <summary>A file or folder of the shared vectors.</summary>
    public static string Vector(string relative) =>
        Path.Combine(Vectors ?? throw new InvalidOperationException("no vectors"), relative);

    /// <summary>A folder below out/test that belongs to one test, empty.</summary>
    public static string Scratch(string name)
    {
        string folder = Path.Combine(Root, "out/test/scratch", name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        return folder;
    }

    private static string? FindVectors()
    {
        string folder = Environment.GetEnvironmentVariable("INIT_VECTORS") ?? Path.Combine(Root, "../shared/vectors");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Init.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("find Init.sln: in no folder above the tests");
    }
}
