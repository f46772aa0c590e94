using System.CommandLine;
using System.Text;

namespace Init.Parent.Manual;

/// <summary>A script for bash: one function that finds the command among the words, then offers what may follow.</summary>
internal static class BashCompletion
{
    public static string Write(ToolRoot root)
    {
        IReadOnlyList<CommandView> commands = CommandView.All(root);
        StringBuilder script = new();
        script.Append("""
            # bash completion for enclave(1). Made by `enclave completion bash`; a test fails when it is stale.
            _enclave() {
              local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=enclave i
              COMPREPLY=()
              for ((i = 1; i < COMP_CWORD; i++)); do
                case "$command ${COMP_WORDS[i]}" in

            """);
        script.Append($"      {Pattern(commands.Skip(1).Select(view => view.Path))})\n        command+=\" ${{COMP_WORDS[i]}}\" ;;\n");
        script.Append("    esac\n  done\n  case \"$command $previous\" in\n");
        foreach (IGrouping<string, string> group in commands
            .SelectMany(view => view.Options.Where(option => option.ValueName is not null).SelectMany(option => option.Names.Select(name => (Word: $"{view.Path} {name}", Action: Offer(option)))))
            .GroupBy(item => item.Action, item => item.Word))
        {
            script.Append($"    {Pattern(group)})\n      {group.Key}\n      return ;;\n");
        }

        script.Append("  esac\n  case \"$command\" in\n");
        foreach (CommandView view in commands)
        {
            string words = string.Join(' ', view.Command.Subcommands.Select(child => child.Name));
            string options = string.Join(' ', view.Options.SelectMany(option => option.Names));
            script.Append($"    '{view.Path}')\n      if [[ $current == -* ]]; then\n        {Words(options)}\n");
            string arguments = view.Command.Arguments.Count == 0 ? (words.Length > 0 ? Words(words) : "")
                : CompletionCommand.ShellsOf(view.Command) is { Length: > 0 } choices ? Words(choices)
                : Files;
            script.Append(arguments.Length > 0 ? $"      else\n        {arguments}\n      fi ;;\n" : "      fi ;;\n");
        }

        script.Append("  esac\n}\ncomplete -F _enclave enclave\n");
        return script.ToString();
    }

    private const string Files = "mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); compopt -o filenames 2>/dev/null";
    private const string Folders = "mapfile -t COMPREPLY < <(compgen -d -- \"$current\"); compopt -o filenames 2>/dev/null";

    private static string Offer(OptionView option) => option.Choices.Count > 0 ? Words(string.Join(' ', option.Choices))
        : Value.IsFile(option.ValueName) ? Files
        : Value.IsFolder(option.ValueName) ? Folders
        : ":";

    private static string Words(string words) => $"mapfile -t COMPREPLY < <(compgen -W '{words}' -- \"$current\")";

    private static string Pattern(IEnumerable<string> words) => string.Join("|", words.Select(word => $"'{word}'"));
}
