using System.Text;
using System.Text.RegularExpressions;

namespace Init.Architecture.Tests;

/// <summary>What a C# file of an enclave room may say. The compiler's banned-API list says the same with types; this needs no build.</summary>
internal static partial class SourceRules
{
    /// <summary>Returns one sentence for each rule that the file breaks.</summary>
    /// <param name="relativePath">The path under src/, with forward slashes.</param>
    /// <param name="code">The file's content.</param>
    public static IReadOnlyList<string> Violations(string relativePath, string code)
    {
        List<string> violations = [];
        if (Suppression().Match(code) is { Success: true } suppression)
        {
            violations.Add($"{relativePath}: '{suppression.Value}' suppresses a rule");
        }

        string bare = WithoutCommentsAndText(code);
        if (!Room.UnsafeFolders.Any(f => relativePath.StartsWith(f, StringComparison.Ordinal))
            && Unsafe().Match(bare) is { Success: true } unsafeMatch)
        {
            violations.Add($"{relativePath}: '{unsafeMatch.Value}' outside of {string.Join(" and ", Room.UnsafeFolders)}");
        }

        foreach (Match match in Forbidden().Matches(bare))
        {
            violations.Add($"{relativePath}: '{match.Value}' in an enclave room");
        }

        return violations;
    }

    /// <summary>Replaces comments, strings and characters by blanks.</summary>
    internal static string WithoutCommentsAndText(string code)
    {
        var bare = new StringBuilder(code.Length);
        int position = 0;
        foreach (Match match in CommentOrText().Matches(code))
        {
            bare.Append(code, position, match.Index - position).Append(' ');
            position = match.Index + match.Length;
        }

        return bare.Append(code, position, code.Length - position).ToString();
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"{3}.*?"{3}|(?:@\$?|\$@)"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""", RegexOptions.Singleline)]
    private static partial Regex CommentOrText();

    [GeneratedRegex(@"\bunsafe\b|\bLibraryImport\b|\bDllImport\b|\bUnmanagedCallersOnly\b|(?<!\w)Unsafe\.|(?<!\w)Marshal\.|\bNativeMemory\b|\bMemoryMarshal\.(?:Get\w*Reference|Create\w*Span)")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"(?<![\w.])(?:System\.)?Console\s*\.|(?<![\w.])(?:System\.Diagnostics\.)?Process(?:StartInfo)?\s*\.|\bnew\s+(?:System\.Diagnostics\.)?Process(?:StartInfo)?\b|\bPosixSignalRegistration\b|(?<!\w)Dns\.|\busing\s+static\s+System\.Console\b|\bEnvironment\s*\.\s*(?:Exit|FailFast)\b|\bThread\s*\.\s*Sleep\b|\busing\s+System\.Reflection\b")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"#pragma\s+warning\s+disable|SuppressMessage|UnconditionalSuppressMessage")]
    private static partial Regex Suppression();
}
