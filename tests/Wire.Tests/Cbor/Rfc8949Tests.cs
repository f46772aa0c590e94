using System.Globalization;

namespace Init.Wire.Tests;

/// <summary>The RFC's own examples, as data: Appendix A is accepted with the value it says, Appendix F is refused.</summary>
public sealed class Rfc8949Tests
{
    public static IEnumerable<object[]> AppendixA() => Resource.Lines("rfc8949-appendix-a.txt").Select(line => line.Split(" | "));

    public static IEnumerable<object[]> AppendixF() =>
        from line in Resource.Lines("rfc8949-appendix-f.txt")
        let colon = line.LastIndexOf(": ", StringComparison.Ordinal)
        from hex in line[(colon + 2)..].Split(' ')
        select new object[] { line[..colon], hex };

    [Theory]
    [MemberData(nameof(AppendixA))]
    public void An_example_of_appendix_A_has_the_value_it_says(string diagnostic, string hex)
    {
        string read = Diagnostic.Of(Convert.FromHexString(hex), CborRules.WellFormed);
        Assert.Equal(Comparable(diagnostic), Comparable(read));
    }

    [Theory]
    [MemberData(nameof(AppendixA))]
    public void An_example_of_appendix_A_is_deterministic_if_nothing_about_it_could_be_shorter_or_definite(string diagnostic, string hex)
    {
        string[] longer = ["fa7f800000", "fa7fc00000", "faff800000", "fb7ff0000000000000", "fb7ff8000000000000", "fbfff0000000000000"];
        byte[] document = Convert.FromHexString(hex);
        if (longer.Contains(hex) || diagnostic.Contains("_ ", StringComparison.Ordinal))
        {
            Assert.Equal(WireError.Malformed, Refused.Cbor(document, CborRules.Deterministic).Error);
        }
        else
        {
            Assert.Equal(Diagnostic.Of(document, CborRules.WellFormed), Diagnostic.Of(document, CborRules.Deterministic));
        }
    }

    [Theory]
    [MemberData(nameof(AppendixF))]
    public void An_example_of_appendix_F_is_refused(string reason, string hex)
    {
        byte[] document = Convert.FromHexString(hex);
        Assert.NotEmpty(reason);
        Refused.Cbor(document, CborRules.WellFormed);
        Refused.Cbor(document, CborRules.Deterministic);
    }

    // Floating-point numbers are compared as numbers: the RFC's notation for them is not .NET's.
    private static string Comparable(string diagnostic)
    {
        string number = diagnostic.TrimEnd('f');
        bool isFloat = diagnostic is "NaN" or "Infinity" or "-Infinity" || diagnostic != number || diagnostic.Contains('.');
        return isFloat && double.TryParse(number, CultureInfo.InvariantCulture, out double value)
            ? $"{BitConverter.DoubleToUInt64Bits(value):x16}"
            : diagnostic.Replace("f)", ")", StringComparison.Ordinal);
    }
}
