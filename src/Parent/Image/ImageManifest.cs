using System.Text.Json;
using Init.Eif;

namespace Init.Parent.Image;

/// <summary>Everything about an image in one file, for people and for programs that compare two of them.</summary>
internal static class ImageManifest
{
    private const string Format = "init-image-manifest-1";

    public static string ToJson(ImageContents contents) => JsonText.Of(writer =>
    {
        EifImage image = contents.Image;
        writer.WriteStartObject();
        writer.WriteString("Format", Format);
        writer.WriteNumber("SizeBytes", image.SizeBytes);
        writer.WriteString("Sha384", contents.Sha384);
        writer.WriteNumber("MinMemoryMiB", ImageReport.MinMemoryMiB(image));
        writer.WriteString("Architecture", ImageReport.Architecture(image));
        image.Measurements.WriteJson(writer);
        writer.WriteString("CommandLine", image.CommandLine);
        writer.WriteStartObject("Kernel");
        WriteContent(writer, contents.Kernel);
        writer.WriteEndObject();
        writer.WriteStartArray("Files");
        foreach (ImagePart file in contents.Files)
        {
            writer.WriteStartObject();
            writer.WriteString("Path", file.Name);
            writer.WriteString("Mode", file.Entry!.ModeText);
            if (file.Sha384.Length > 0)
            {
                WriteContent(writer, file);
            }

            if (file.Entry.IsNode)
            {
                writer.WriteNumber("DeviceMajor", file.Entry.DeviceMajor);
                writer.WriteNumber("DeviceMinor", file.Entry.DeviceMinor);
            }

            writer.WriteBoolean("IsCompressed", file.Entry.IsCompressed);
            writer.WriteString("Archive", file.Entry.ArchiveText);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteContent(Utf8JsonWriter writer, ImagePart part)
    {
        writer.WriteNumber("SizeBytes", part.SizeBytes);
        writer.WriteString("Sha384", part.Sha384);

        // Null says that nobody told, which is not the same as none.
        if (part.Parts is not { } parts)
        {
            writer.WriteNull("Components");
            return;
        }

        writer.WriteStartArray("Components");
        foreach (Component component in parts.Components)
        {
            WriteComponent(writer, component);
        }

        writer.WriteEndArray();
        WritePairs(writer, "Tools", parts.Tools);
        WritePairs(writer, "Options", parts.Options);
    }

    private static void WriteComponent(Utf8JsonWriter writer, Component component)
    {
        writer.WriteStartObject();
        writer.WriteString("Name", component.Name);
        writer.WriteString("Version", component.Version);
        writer.WriteString("Purl", component.Purl);
        writer.WriteString("Origin", component.Origin);
        writer.WriteString("Licence", component.Licence);
        WriteUnlessNull(writer, "LicenceUnknown", component.LicenceUnknown);
        WriteUnlessNull(writer, "Note", component.Note);
        writer.WriteStartArray("Files");
        foreach ((string name, string? sha256) in component.Files)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", name);
            WriteUnlessNull(writer, "Sha256", sha256);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePairs(Utf8JsonWriter writer, string name, IReadOnlyList<(string Name, string Value)> pairs)
    {
        writer.WriteStartObject(name);
        foreach ((string key, string value) in pairs)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteUnlessNull(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
