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
        IEnumerable<NamedCount> counts => List(counts.OrderBy(count => count.Name, StringComparer.Ordinal).Select(count => As(count))),
        IEnumerable items => List(items.Cast<object>().Select(As)),
        _ => value.GetType().Name + List(value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .OrderBy(property => property.Name, StringComparer.Ordinal).Select(property => $"{property.Name}={As(property.GetValue(value))}")),
    };

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";
}
