using System.Globalization;
using System.Text;
using System.Text.Json;
using Init.Eif;

namespace Init.Parent.Image;

/// <summary>What the image commands print of an image.</summary>
internal static class ImageReport
{
    /// <summary>The measurements alone, as nitro-cli prints them.</summary>
    public static string MeasurementsJson(EifImage image) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        image.Measurements.WriteJson(writer);
        writer.WriteEndObject();
    });

    /// <summary>The measurements, and which of them are not as expected.</summary>
    public static string VerdictJson(EifImage image, IReadOnlyList<int> differences, string? signer) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("IsExpected", differences.Count == 0);
        writer.WriteStartArray("Differences");
        foreach (int index in differences)
        {
            writer.WriteStringValue($"PCR{index}");
        }

        writer.WriteEndArray();
        if (signer is not null)
        {
            writer.WriteString("Signer", signer);
        }

        image.Measurements.WriteJson(writer);
        writer.WriteEndObject();
    });

    /// <summary>In what two images differ.</summary>
    public static string DifferencesJson(IReadOnlyList<ImageDifference> differences) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("IsSame", differences.Count == 0);
        writer.WriteStartArray("Differences");
        foreach (ImageDifference difference in differences)
        {
            writer.WriteStartObject();
            writer.WriteString("Part", difference.Part);
            writer.WriteString("Subject", difference.Subject);
            writer.WriteString("Aspect", difference.Aspect);
            writer.WriteString("Before", difference.Before);
            writer.WriteString("After", difference.After);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>Everything.</summary>
    public static string Json(EifImage image, bool withFiles) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("SizeBytes", image.SizeBytes);
        writer.WriteNumber("MinMemoryMiB", MinMemoryMiB(image));
        writer.WriteString("Architecture", Architecture(image));
        writer.WriteString("Crc32", Checksum(image));
        writer.WriteString("CommandLine", image.CommandLine);
        writer.WriteBoolean("IsSigned", image.Measurements.Pcr8 is not null);
        image.Measurements.WriteJson(writer);
        if (image.Metadata is { } metadata)
        {
            writer.WritePropertyName("Metadata");
            using JsonDocument document = JsonDocument.Parse(metadata);
            document.RootElement.WriteTo(writer);
        }

        writer.WriteStartArray("Sections");
        foreach (EifSection section in image.Sections)
        {
            WriteSection(writer, image, section, withFiles);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static void PrintSections(string path, EifImage image)
    {
        string size = $"{image.SizeBytes} bytes ({Output.MiB(image.SizeBytes)})";
        Output.Line("image", $"{path}, {size}, {Architecture(image)}, CRC-32 {Checksum(image)}");
        foreach (EifSection section in image.Sections)
        {
            Output.Line($"section {section.Index}", $"{section.Name}, {section.SizeBytes} bytes");
        }

        Output.Line("command line", Output.Printable(image.CommandLine));
        if (image.Metadata is { } metadata)
        {
            Output.Line("metadata", Output.Printable(Encoding.UTF8.GetString(metadata.Span)));
        }

        Output.Line("signature", image.Measurements.Pcr8 is null ? "none" : "there is one; not verified");
        Output.Line("memory", $"{MinMemoryMiB(image)} MiB at least, {EifImage.MemoryFactor} times the image");
    }

    public static void PrintFiles(EifImage image)
    {
        foreach (EifSection section in image.Sections.Where(s => s.Type == EifSectionType.Ramdisk))
        {
            foreach (RamdiskEntry entry in RamdiskReader.List(image.OpenSection(section)))
            {
                string size = entry.IsNode ? $"{entry.DeviceMajor}, {entry.DeviceMinor}" : $"{entry.SizeBytes}";
                Output.Line($"ramdisk {section.Index}", $"{entry.ArchiveText,-6}{entry.ModeText} {size,10} /{Output.Printable(entry.Path)}");
                if (entry.Sha384 is not null)
                {
                    Output.Line("", $"SHA-384 {entry.Sha384}");
                }
            }
        }
    }

    public static void PrintMeasurements(EifImage image)
    {
        foreach ((int index, string value) in image.Measurements.Registers)
        {
            Output.Line($"PCR{index}", value);
        }
    }

    private static void WriteSection(Utf8JsonWriter writer, EifImage image, EifSection section, bool withFiles)
    {
        writer.WriteStartObject();
        writer.WriteString("Type", section.Name);
        writer.WriteNumber("BodyOffset", section.BodyOffset);
        writer.WriteNumber("SizeBytes", section.SizeBytes);
        if (withFiles && section.Type == EifSectionType.Ramdisk)
        {
            writer.WriteStartArray("Files");
            foreach (RamdiskEntry entry in RamdiskReader.List(image.OpenSection(section)))
            {
                WriteEntry(writer, entry);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, RamdiskEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("Path", $"/{entry.Path}");
        writer.WriteString("Mode", entry.ModeText);
        writer.WriteNumber("SizeBytes", entry.SizeBytes);
        if (entry.Sha384 is not null)
        {
            writer.WriteString("Sha384", entry.Sha384);
        }

        if (entry.IsNode)
        {
            writer.WriteNumber("DeviceMajor", entry.DeviceMajor);
            writer.WriteNumber("DeviceMinor", entry.DeviceMinor);
        }

        writer.WriteBoolean("IsCompressed", entry.IsCompressed);
        writer.WriteString("Archive", entry.ArchiveText);
        writer.WriteEndObject();
    }

    public static string Architecture(EifImage image) => image.Header.IsArm64 ? "arm64" : "x86-64";

    private static string Checksum(EifImage image) => image.Header.Checksum.ToString("x8", CultureInfo.InvariantCulture);

    public static long MinMemoryMiB(EifImage image) => (image.MinMemoryBytes + (1 << 20) - 1) >> 20;
}
