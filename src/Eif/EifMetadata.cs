using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Init.Eif;

/// <summary>What an image says of itself, in the form that nitro-cli reads. Nothing of it is measured: never trust it.</summary>
public sealed record EifMetadata
{
    /// <summary>The image's name.</summary>
    public required string ImageName { get; init; }

    /// <summary>The image's version.</summary>
    public required string ImageVersion { get; init; }

    /// <summary>The program that made the image.</summary>
    public required string BuildTool { get; init; }

    /// <summary>Its version.</summary>
    public required string BuildToolVersion { get; init; }

    /// <summary>The kernel's release, <c>6.12.1</c>.</summary>
    public required string KernelVersion { get; init; }

    /// <summary>When it was made; the epoch unless somebody says otherwise, so that two builds are the same.</summary>
    public DateTimeOffset BuildTime { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The metadata section.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString(nameof(ImageName), ImageName);
            writer.WriteString(nameof(ImageVersion), ImageVersion);
            writer.WriteStartObject("BuildMetadata");
            writer.WriteString(nameof(BuildTime), BuildTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            writer.WriteString(nameof(BuildTool), BuildTool);
            writer.WriteString(nameof(BuildToolVersion), BuildToolVersion);
            writer.WriteString("OperatingSystem", "Linux");
            writer.WriteString(nameof(KernelVersion), KernelVersion);
            writer.WriteEndObject();
            writer.WriteStartObject("DockerInfo");
            writer.WriteEndObject();
            writer.WriteStartObject("CustomMetadata");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
