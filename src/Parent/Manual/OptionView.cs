using System.CommandLine;
using System.CommandLine.Completions;

namespace Init.Parent.Manual;

/// <summary>An option as the manual and the completions show it.</summary>
/// <param name="Names">Long ones, then short ones.</param>
/// <param name="Description">A sentence.</param>
/// <param name="ValueName">What its value is called; null for a flag.</param>
/// <param name="Choices">The values there are; empty where they cannot be listed.</param>
/// <param name="Default">What it is unless given; null where there is nothing to say.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="IsMany">Whether several values may be given.</param>
internal sealed record OptionView(
    IReadOnlyList<string> Names, string Description, string? ValueName, IReadOnlyList<string> Choices, string? Default, bool IsRequired, bool IsMany)
{
    public static OptionView Of(Option option)
    {
        bool isFlag = option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0;
        string[] choices = isFlag ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
        return new OptionView(
            [.. new[] { option.Name }.Concat(option.Aliases).Where(IsUnix).Distinct().OrderByDescending(name => name.StartsWith("--", StringComparison.Ordinal))],
            option.Description ?? "",
            isFlag ? null : option.HelpName ?? string.Join('|', choices),
            choices,
            !isFlag && option.HasDefaultValue ? option.GetDefaultValue()?.ToString() : null,
            option.Required,
            option.Arity.MaximumNumberOfValues > 1);
    }

    // System.CommandLine's help answers to /h, /? and -? too.
    private static bool IsUnix(string name) => name.StartsWith('-') && name != "-?";
}
