using System.Text;
using System.Text.Json;

namespace Init.Parent;

/// <summary>JSON for programs, indented since people read it too.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>What <paramref name="write"/> writes, with a line end.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Indented))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    /// <summary>One object, with a line end.</summary>
    public static string Object(Action<Utf8JsonWriter> writeMembers) => Of(writer =>
    {
        writer.WriteStartObject();
        writeMembers(writer);
        writer.WriteEndObject();
    });
}
