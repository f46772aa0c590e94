using System.CommandLine;
using System.Text;

namespace Init.Parent.Manual;

/// <summary>A script for zsh: a function for each command, on _arguments and _describe.</summary>
internal static class ZshCompletion
{
    public static string Write(ToolRoot root)
    {
        StringBuilder script = new();
        script.Append("#compdef enclave\n# zsh completion for enclave(1). Made by `enclave completion zsh`; a test fails when it is stale.\n");
        foreach (CommandView view in CommandView.All(root))
        {
            script.Append($"\n{Function(view.Path)}() {{\n");
            bool isGroup = view.Command.Subcommands.Count > 0;
            script.Append(isGroup ? "  local curcontext=$curcontext state line\n  _arguments -C" : "  _arguments");
            foreach (OptionView option in view.Options)
            {
                script.Append($" \\\n    {Option(option)}");
            }

            foreach ((Argument argument, int index) in view.Command.Arguments.Select((argument, index) => (argument, index)))
            {
                string offer = CompletionCommand.ShellsOf(view.Command) is { Length: > 0 } choices ? $"({choices})" : "_files";
                script.Append($" \\\n    '{index + 1}:{Escaped(argument.Name)}:{offer}'");
            }

            script.Append(isGroup ? " \\\n    '1: :->command' \\\n    '*:: :->rest'\n" : "\n");
            if (isGroup)
            {
                Subcommands(script, view);
            }

            script.Append("}\n");
        }

        script.Append("\nif [ \"$funcstack[1]\" = _enclave ]; then\n  _enclave \"$@\"\nelse\n  compdef _enclave enclave\nfi\n");
        return script.ToString();
    }

    private static void Subcommands(StringBuilder script, CommandView view)
    {
        script.Append("  case $state in\n    command)\n      local -a commands=(\n");
        foreach (Command child in view.Command.Subcommands)
        {
            script.Append($"        '{child.Name}:{Escaped(child.Description!)}'\n");
        }

        script.Append("      )\n      _describe command commands ;;\n    rest)\n      case $line[1] in\n");
        foreach (Command child in view.Command.Subcommands)
        {
            script.Append($"        {child.Name}) {Function($"{view.Path} {child.Name}")} ;;\n");
        }

        script.Append("      esac ;;\n  esac\n");
    }

    private static string Option(OptionView option)
    {
        string value = option.ValueName is null ? ""
            : $":{Escaped(option.ValueName)}:{(option.Choices.Count > 0 ? $"({string.Join(' ', option.Choices)})"
                : Value.IsFile(option.ValueName) ? "_files"
                : Value.IsFolder(option.ValueName) ? "_files -/"
                : " ")}";
        string names = option.Names.Count == 1 ? option.Names[0] : $"'{{{string.Join(',', option.Names)}}}'";
        string exclusive = option.IsMany ? "*" : option.Names.Count == 1 ? "" : $"({string.Join(' ', option.Names)})";
        return $"'{exclusive}{names}[{Escaped(option.Description)}]{value}'";
    }

    private static string Function(string path) => "_" + path.Replace(' ', '_').Replace('-', '_');

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "'\\''", StringComparison.Ordinal)
        .Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
