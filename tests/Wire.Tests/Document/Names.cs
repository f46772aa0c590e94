using System.Reflection;
using System.Text.RegularExpressions;

namespace Init.Wire.Tests;

/// <summary>C# names as the specification writes them.</summary>
internal static partial class Names
{
    /// <summary><c>RetryAfterMs</c> as <c>retry_after_ms</c>.</summary>
    public static string Snake(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    /// <summary>The fields of a message in the order of their keys, which is that of their declaration.</summary>
    public static IEnumerable<string> Fields(Type message) =>
        from property in message.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where property.Name is not (nameof(Request.Operation) or nameof(Request.DeadlineMs) or "EqualityContract")
        orderby property.MetadataToken
        select Snake(property.Name);

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
