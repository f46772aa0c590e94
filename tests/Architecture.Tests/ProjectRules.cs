using System.Xml.Linq;

namespace Init.Architecture.Tests;

/// <summary>What a project file under src/ may say. Pure, so that a test can feed it a project that breaks each rule.</summary>
internal static class ProjectRules
{
    /// <summary>Returns one sentence for each rule that the project breaks.</summary>
    /// <param name="relativePath">The path under src/, with forward slashes.</param>
    /// <param name="xml">The project file's content.</param>
    public static IReadOnlyList<string> Violations(string relativePath, string xml)
    {
        string[] parts = relativePath.Split('/');
        string name = Path.GetFileNameWithoutExtension(relativePath);
        Room? room = Room.All.SingleOrDefault(r => r.Name == name);
        if (room is null || parts.Length != 2 || parts[0] != name)
        {
            return [$"{relativePath}: not a room of the table"];
        }

        XDocument project = XDocument.Parse(xml);
        List<string> violations = [];
        foreach (string reference in Includes(project, "ProjectReference"))
        {
            string target = Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));
            if (!room.MayUse.Contains(target))
            {
                violations.Add($"{name} references {target}, which it may not");
            }
        }

        if (room.IsInEnclave)
        {
            violations.AddRange(EnclaveViolations(name, project));
        }

        return violations;
    }

    private static IEnumerable<string> EnclaveViolations(string name, XDocument project)
    {
        foreach (string package in Includes(project, "PackageReference").Where(p => !Room.EnclavePackages.Contains(p)))
        {
            yield return $"{name} references the package {package}, which an enclave room may not";
        }

        foreach (string reference in Includes(project, "Reference"))
        {
            yield return $"{name} references the assembly {reference}, which no room may";
        }

        if (Values(project, "TargetFramework").SingleOrDefault() != "$(EnclaveTargetFramework)" || Values(project, "TargetFrameworks").Any())
        {
            yield return $"{name} does not target $(EnclaveTargetFramework)";
        }

        foreach (string property in new[] { "NoWarn", "WarningsNotAsErrors", "TreatWarningsAsErrors", "IsAotCompatible", "IsEnclaveRoom" })
        {
            if (Values(project, property).Any())
            {
                yield return $"{name} sets {property}, which is for Directory.Build.props to set";
            }
        }

        bool needsUnsafe = Room.UnsafeFolders.Any(f => f.StartsWith(name + "/", StringComparison.Ordinal));
        if (!needsUnsafe && Values(project, "AllowUnsafeBlocks").Any())
        {
            yield return $"{name} sets AllowUnsafeBlocks, which it may not";
        }
    }

    private static IEnumerable<string> Includes(XDocument project, string element) =>
        project.Descendants().Where(e => e.Name.LocalName == element).Select(e => (string?)e.Attribute("Include")).OfType<string>();

    private static IEnumerable<string> Values(XDocument project, string element) =>
        project.Descendants().Where(e => e.Name.LocalName == element).Select(e => e.Value.Trim());
}
