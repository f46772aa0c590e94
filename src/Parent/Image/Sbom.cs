using System.Text.Json;
using Init.Eif;

namespace Init.Parent.Image;

/// <summary>
/// A software bill of materials, CycloneDX 1.6 in JSON (cyclonedx.org/docs/1.6/json). No time and no serial number: the same image has the
/// same bill. Where nobody said what is in a file, its composition is 'unknown', and nowhere is it said to be complete.
/// </summary>
internal static class Sbom
{
    private const string ImageReference = "image";

    public static string ToJson(ImageContents contents, string name, string version) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("bomFormat", "CycloneDX");
        writer.WriteString("specVersion", "1.6");
        writer.WriteNumber("version", 1);
        WriteMetadata(writer, contents, name, version);
        writer.WriteStartArray("components");
        foreach (ImagePart part in contents.Parts)
        {
            WritePart(writer, part);
        }

        foreach (Component package in Packages(contents))
        {
            WritePackage(writer, package);
        }

        writer.WriteEndArray();
        WriteDependencies(writer, contents);
        WriteCompositions(writer, contents);
        writer.WriteEndObject();
    });

    /// <summary>Each package once, though two files may hold it.</summary>
    private static IEnumerable<Component> Packages(ImageContents contents) =>
        contents.Parts.SelectMany(p => p.Parts?.Components ?? []).DistinctBy(c => c.Purl).OrderBy(c => c.Purl, StringComparer.Ordinal);

    private static void WriteMetadata(Utf8JsonWriter writer, ImageContents contents, string name, string version)
    {
        writer.WriteStartObject("metadata");
        writer.WriteStartObject("tools");
        writer.WriteStartArray("components");
        IEnumerable<(string Name, string Value)> tools = contents.Parts.SelectMany(p => p.Parts?.Tools ?? []).Distinct();
        foreach ((string tool, string toolVersion) in tools.Prepend(("enclave", BuildCommand.ToolVersion)))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "application");
            writer.WriteString("name", tool);
            writer.WriteString("version", toolVersion);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartObject("component");
        writer.WriteString("type", "firmware");
        writer.WriteString("bom-ref", ImageReference);
        writer.WriteString("name", name);
        writer.WriteString("version", version);
        WriteHash(writer, "SHA-384", contents.Sha384);
        WriteProperties(
            writer,
            [
                .. contents.Image.Measurements.Registers.Select(r => ($"PCR{r.Index}", r.Value)),
                ("command line", contents.Image.CommandLine),
            ]);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, ImagePart part)
    {
        writer.WriteStartObject();
        writer.WriteString("type", part.Entry is null ? "operating-system" : "file");
        writer.WriteString("bom-ref", Reference(part));
        writer.WriteString("name", part.Name);
        WriteHash(writer, "SHA-384", part.Sha384);
        WriteProperties(
            writer,
            [
                ("size", $"{part.SizeBytes}"),
                .. part.Entry is { } entry ? [("mode", entry.ModeText)] : Array.Empty<(string, string)>(),
                .. part.Parts?.Options ?? [],
            ]);
        writer.WriteEndObject();
    }

    private static void WritePackage(Utf8JsonWriter writer, Component package)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "library");
        writer.WriteString("bom-ref", package.Purl);
        writer.WriteString("name", package.Name);
        writer.WriteString("version", package.Version);
        if (package.Licence is { } licence)
        {
            // As a name: Debian's are not SPDX's, and what is not exact is not to be claimed.
            writer.WriteStartArray("licenses");
            writer.WriteStartObject();
            writer.WriteStartObject("license");
            writer.WriteString("name", licence);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteString("purl", package.Purl);
        WriteProperties(
            writer,
            [
                ("origin", package.Origin),
                .. Told("licence unknown", package.LicenceUnknown),
                .. Told("note", package.Note),
                .. package.Files.Select(f => ("file", f.Sha256 is null ? f.Name : $"{f.Name} SHA-256 {f.Sha256}")),
            ]);
        writer.WriteEndObject();
    }

    private static void WriteDependencies(Utf8JsonWriter writer, ImageContents contents)
    {
        writer.WriteStartArray("dependencies");
        WriteDependency(writer, ImageReference, contents.Parts.Select(Reference));
        foreach (ImagePart part in contents.Parts.Where(p => p.Parts is not null))
        {
            WriteDependency(writer, Reference(part), part.Parts!.Components.Select(c => c.Purl).Distinct());
        }

        writer.WriteEndArray();
    }

    private static void WriteDependency(Utf8JsonWriter writer, string reference, IEnumerable<string> on)
    {
        writer.WriteStartObject();
        writer.WriteString("ref", reference);
        writer.WriteStartArray("dependsOn");
        foreach (string other in on)
        {
            writer.WriteStringValue(other);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The image's own parts are all of them; a file's packages may have parts of their own, or nobody named any.</summary>
    private static void WriteCompositions(Utf8JsonWriter writer, ImageContents contents)
    {
        writer.WriteStartArray("compositions");
        WriteComposition(writer, "complete", [ImageReference]);
        WriteComposition(writer, "incomplete", contents.Parts.Where(p => p.Parts is not null).Select(Reference));
        WriteComposition(writer, "unknown", contents.Parts.Where(p => p.Parts is null).Select(Reference));
        writer.WriteEndArray();
    }

    private static void WriteComposition(Utf8JsonWriter writer, string aggregate, IEnumerable<string> references)
    {
        string[] of = [.. references];
        if (of.Length == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("aggregate", aggregate);
        writer.WriteStartArray("dependencies");
        foreach (string reference in of)
        {
            writer.WriteStringValue(reference);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Reference(ImagePart part) => part.Entry is null ? part.Name : $"file:{part.Name}";

    private static IEnumerable<(string, string)> Told(string name, string? value) => value is null ? [] : [(name, value)];

    private static void WriteHash(Utf8JsonWriter writer, string algorithm, string content)
    {
        writer.WriteStartArray("hashes");
        writer.WriteStartObject();
        writer.WriteString("alg", algorithm);
        writer.WriteString("content", content);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter writer, IReadOnlyList<(string Name, string Value)> properties)
    {
        writer.WriteStartArray("properties");
        foreach ((string name, string value) in properties)
        {
            writer.WriteStartObject();
            writer.WriteString("name", $"init:{name}");
            writer.WriteString("value", value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
