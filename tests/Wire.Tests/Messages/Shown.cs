using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Init.Wire.Tests;

/// <summary>A message with everything in it as text: records compare byte strings by their place, tests by their bytes.</summary>
internal static class Shown
{
    public static string As(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        Enum or bool => value.ToString()!,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable<NamedCount> counts => Row(counts.OrderBy(c => c.Name, StringComparer.Ordinal)),
        IEnumerable items => Row(items.Cast<object>()),
        _ => value.GetType().Name + Row(value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={As(p.GetValue(value))}").Cast<object>()),
    };

    private static string Row<T>(IEnumerable<T> items) =>
        "[" + string.Join(", ", items.Select(item => item is string text && text.Contains('=') ? text : As(item))) + "]";
}
