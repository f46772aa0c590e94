using System.CommandLine;
using System.Text;

namespace Init.Parent.Manual;

/// <summary>A script for fish: a condition that finds the command among the words, and a line for each thing that may follow.</summary>
internal static class FishCompletion
{
    public static string Write(ToolRoot root)
    {
        IReadOnlyList<CommandView> commands = CommandView.All(root);
        StringBuilder script = new();
        script.Append("# fish completion for enclave(1). Made by `enclave completion fish`; a test fails when it is stale.\n");
        script.Append("function __enclave_at\n    set -l command enclave\n    for word in (commandline -opc)[2..-1]\n        switch \"$command $word\"\n");
        script.Append($"            case {string.Join(' ', commands.Skip(1).Select(view => Quoted(view.Path)))}\n");
        script.Append("                set command \"$command $word\"\n        end\n    end\n    test \"$command\" = \"$argv[1]\"\nend\ncomplete -c enclave -f\n");
        foreach (CommandView view in commands)
        {
            string line = $"complete -c enclave -n {Quoted($"__enclave_at '{view.Path}'")}";
            foreach (Command child in view.Command.Subcommands)
            {
                script.Append($"{line} -a {child.Name} -d {Quoted(child.Description!)}\n");
            }

            if (view.Command.Arguments.Count > 0)
            {
                script.Append(CompletionCommand.ShellsOf(view.Command) is { Length: > 0 } choices ? $"{line} -a {Quoted(choices)}\n" : $"{line} -F\n");
            }

            foreach (OptionView option in view.Options)
            {
                script.Append($"{line} {string.Join(' ', option.Names.Select(Name))}{Offer(option)} -d {Quoted(option.Description)}\n");
            }
        }

        return script.ToString();
    }

    private static string Name(string name) => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}" : $"-s {name[1..]}";

    private static string Offer(OptionView option) => option.ValueName is null ? ""
        : option.Choices.Count > 0 ? $" -x -a {Quoted(string.Join(' ', option.Choices))}"
        : Value.IsFile(option.ValueName) ? " -r -F"
        : Value.IsFolder(option.ValueName) ? " -x -a '(__fish_complete_directories)'"
        : " -x";

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
