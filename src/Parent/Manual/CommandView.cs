using System.CommandLine;

namespace Init.Parent.Manual;

/// <summary>A command as its manual and its completions show it.</summary>
/// <param name="Path">The words that lead to it, <c>enclave</c> first.</param>
/// <param name="Command">The command.</param>
/// <param name="Options">Its own, then those that every command has.</param>
internal sealed record CommandView(string Path, Command Command, IReadOnlyList<OptionView> Options)
{
    /// <summary>Whether it does something itself; otherwise its subcommands do.</summary>
    public bool IsDoing => Command.Action is not null;

    /// <summary>Every command of the tree, parents first.</summary>
    public static IReadOnlyList<CommandView> All(Command root)
    {
        Option[] everywhere = [.. root.Options.Where(option => option.Recursive)];
        return [.. Walk(ToolRoot.Program, root, everywhere)];
    }

    private static IEnumerable<CommandView> Walk(string path, Command command, Option[] everywhere)
    {
        IEnumerable<Option> options = command.Options.Where(option => !everywhere.Contains(option)).Concat(everywhere);
        yield return new CommandView(path, command, [.. options.Where(option => !option.Hidden).Select(OptionView.Of)]);
        foreach (CommandView view in command.Subcommands.SelectMany(child => Walk($"{path} {child.Name}", child, everywhere)))
        {
            yield return view;
        }
    }
}
