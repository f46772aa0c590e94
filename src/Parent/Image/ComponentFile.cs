using System.Text.Json;
using Init.Eif;

namespace Init.Parent.Image;

/// <summary>A package that went into a file of an image, as native/scripts/components.mjs describes it.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Purl">Its package URL, by which it is known elsewhere.</param>
/// <param name="Origin">Where it comes from, in words.</param>
/// <param name="Licence">Its licence as its makers write it; null where they do not in a form that can be read.</param>
/// <param name="LicenceUnknown">Why there is no licence.</param>
/// <param name="Note">How it went in, where that is not obvious.</param>
/// <param name="Files">Which of its files, with their SHA-256 where it is known.</param>
internal sealed record Component(
    string Name, string Version, string Purl, string Origin, string? Licence, string? LicenceUnknown, string? Note,
    IReadOnlyList<(string Name, string? Sha256)> Files);

/// <summary>What one file of an image, or its kernel, consists of. Bound to that file by its digest.</summary>
/// <param name="Sha384">The digest of the file that it describes.</param>
/// <param name="Components">Packages.</param>
/// <param name="Tools">What compiled it, by name.</param>
/// <param name="Options">How it was configured, by name.</param>
internal sealed record ComponentFile(
    string Sha384, IReadOnlyList<Component> Components, IReadOnlyList<(string Name, string Value)> Tools, IReadOnlyList<(string Name, string Value)> Options)
{
    private const string Format = "init-components-1";

    /// <summary>Reads a file that describes components.</summary>
    /// <exception cref="EifException"><see cref="EifError.InvalidInput"/>: it has another form.</exception>
    public static ComponentFile Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format)
            {
                throw Refused(path, $"its format is not {Format}");
            }

            return new ComponentFile(
                Text(root.GetProperty("artifact"), "sha384"),
                [.. root.GetProperty("components").EnumerateArray().Select(ReadComponent)],
                Pairs(root.GetProperty("tools")),
                Pairs(root.GetProperty("options")));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Refused(path, "it does not have the fields that it must", e);
        }
    }

    private static Component ReadComponent(JsonElement element) => new(
        Text(element, "name"),
        Text(element, "version"),
        Text(element, "purl"),
        Text(element, "origin"),
        Optional(element, "licence"),
        Optional(element, "licenceUnknown"),
        Optional(element, "note"),
        element.TryGetProperty("files", out JsonElement files)
            ? [.. files.EnumerateArray().Select(f => (Text(f, "name"), Optional(f, "sha256")))]
            : []);

    private static List<(string Name, string Value)> Pairs(JsonElement element) =>
        [.. element.EnumerateObject().Select(p => (p.Name, p.Value.GetString() ?? "")).OrderBy(p => p.Name, StringComparer.Ordinal)];

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new KeyNotFoundException(name);

    private static string? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static EifException Refused(string path, string cause, Exception? inner = null) =>
        new(EifError.InvalidInput, $"read components {Path.GetFileName(path)}: {cause}", inner);
}
