using System.CommandLine;
using System.Text;

namespace Init.Parent.Manual;

/// <summary>enclave(1) in roff (man(7)), from the tree of commands.</summary>
internal static class ManualPage
{
    /// <summary>Of the last change that a reader should know of: the page is the same whenever it is made.</summary>
    private const string Date = "2026-11-21";

    private static readonly (string Name, string Meaning)[] Environment =
    [
        ("NO_COLOR", "When it is set and not empty, errors are not coloured; on a TERM that is dumb they never are."),
        ("INIT_QEMU", "The QEMU that enclave run starts, in place of the one that it finds."),
        ("SOURCE_DATE_EPOCH", "The time in the metadata of an image that image build writes, in seconds since 1970; 0 unless set."),
    ];

    public static string Write(ToolRoot root)
    {
        StringBuilder page = new();
        page.Append(".\\\" Made by `enclave man`; a test fails when it is stale.\n");
        page.Append($".TH ENCLAVE 1 \"{Date}\" \"Init\" \"User Commands\"\n");
        page.Append(".SH NAME\nenclave \\- operate AWS Nitro Enclaves that run Init\n");
        page.Append(".SH SYNOPSIS\n.B enclave\n.I COMMAND\n.RI [ OPTIONS ]\n");
        page.Append($".SH DESCRIPTION\n{Text(root.Description!)}\n.PP\n");
        page.Append(Text("Results go to standard output, errors, hints, warnings and progress to standard error. With --json a command prints one document."));
        page.Append('\n');
        page.Append(".SH COMMANDS\n");
        foreach (CommandView view in CommandView.All(root).Where(view => view.IsDoing))
        {
            Command(page, view);
        }

        page.Append(".SH OPTIONS\nEvery command has these.\n");
        foreach (OptionView option in CommandView.All(root)[0].Options)
        {
            Option(page, option);
        }

        page.Append(".SH EXIT STATUS\n");
        foreach ((int code, string meaning) in ExitStatus.All)
        {
            page.Append($".TP\n.B {code}\n{Text(meaning)}\n");
        }

        page.Append(".SH ENVIRONMENT\n");
        foreach ((string name, string meaning) in Environment)
        {
            page.Append($".TP\n.B {Text(name)}\n{Text(meaning)}\n");
        }

        page.Append(".SH EXAMPLES\nEach command has its own above.\n");
        Examples(page, root.Examples);
        return page.ToString();
    }

    private static void Command(StringBuilder page, CommandView view)
    {
        page.Append($".SS {Text(view.Path)}");
        foreach (Argument argument in view.Command.Arguments)
        {
            page.Append($" {Text(argument.HelpName ?? argument.Name)}");
        }

        page.Append($"\n{Text(view.Command.Description!)}\n");
        foreach (Argument argument in view.Command.Arguments)
        {
            page.Append($".TP\n.I {Text(argument.Name)}\n{Text(argument.Description!)}\n");
        }

        HashSet<string> everywhere = [.. view.Options.Where(option => option.Names[0] is "--help" or "--verbose" or "--version").Select(option => option.Names[0])];
        foreach (OptionView option in view.Options.Where(option => !everywhere.Contains(option.Names[0])))
        {
            Option(page, option);
        }

        page.Append(".PP\nExamples:\n");
        Examples(page, ((IDocumented)view.Command).Examples);
    }

    private static void Option(StringBuilder page, OptionView option)
    {
        string names = string.Join("\\fR, \\fB", option.Names.Select(Text));
        string value = option.ValueName is { } name ? $" \\fI{Text(name)}\\fR{(option.IsMany ? " .." : "")}" : "";
        string more = (option.IsRequired ? " Required." : "") + (option.Default is { Length: > 0 } byDefault ? $" Default: {byDefault}." : "");
        page.Append($".TP\n\\fB{names}\\fR{value}\n{Text(option.Description + more)}\n");
    }

    private static void Examples(StringBuilder page, IReadOnlyList<Example> examples)
    {
        foreach (Example example in examples)
        {
            page.Append($".PP\n.RS 4\n.nf\n{Text(example.CommandLine)}\n.fi\n.RE\n.RS 8\n{Text(example.Does)}\n.RE\n");
        }
    }

    /// <summary>Text that roff shows as it is: a hyphen is one that can be copied, and no line begins with a request.</summary>
    private static string Text(string text)
    {
        string escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("~", "\\(ti", StringComparison.Ordinal).Replace("`", "\\(ga", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
