using Init.Testing;

namespace Init.Architecture.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of Init.sln.</summary>
    public static string Root => Places.Root;

    /// <summary>src/.</summary>
    public static string Source => Path.Combine(Root, "src");

    /// <summary>Every project under src/.</summary>
    public static IEnumerable<string> SourceProjects() =>
        Directory.EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>The C# files of the enclave's rooms, as paths under src/ with forward slashes. Generated files are left out.</summary>
    public static IEnumerable<string> EnclaveSources() =>
        from room in Room.All
        where room.IsInEnclave && Directory.Exists(Path.Combine(Source, room.Name))
        from file in Directory.EnumerateFiles(Path.Combine(Source, room.Name), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Source, file).Replace('\\', '/')
        let folders = relative.Split('/')
        where !folders.Contains("bin") && !folders.Contains("obj")
        orderby relative
        select relative;
}
