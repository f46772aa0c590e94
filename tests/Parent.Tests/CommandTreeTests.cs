using System.CommandLine;
using System.CommandLine.Completions;
using Init.Parent.Manual;

namespace Init.Parent.Tests;

/// <summary>What every command must say of itself. The help, the manual page and the completions are made of it.</summary>
public sealed class CommandTreeTests
{
    /// <summary>What these print is for another program as it is.</summary>
    private static readonly string[] WithoutJson = ["completion", "man"];

    [Fact]
    public void Every_command_has_two_examples_that_parse() => Assert.All(Commands(), command =>
    {
        IReadOnlyList<Example> examples = Assert.IsAssignableFrom<IDocumented>(command.Command).Examples;
        Assert.True(examples.Count >= 2, $"{command.Path}: {examples.Count} examples");
        Assert.All(examples, example =>
        {
            Assert.StartsWith(command.Path + " ", example.CommandLine + " ", StringComparison.Ordinal);
            Assert.NotEmpty(example.Does);
            ParseResult parsed = CommandTree.Create().Parse(example.CommandLine.Split(' ')[1..]);
            Assert.Equal([], parsed.Errors.Select(error => error.Message));
        });
    });

    [Fact]
    public void Every_command_option_and_argument_is_described_in_a_sentence() => Assert.All(Commands(), command =>
    {
        Assert.All(
            [command.Command, .. command.Command.Options.Where(o => !IsBuiltIn(o)), .. command.Command.Arguments],
            (Symbol symbol) => Assert.Matches(@"^[A-Z].*\.$", symbol.Description));
    });

    [Fact]
    public void Every_value_has_a_name_or_choices_in_lower_case() => Assert.All(Commands(), command =>
    {
        Assert.All(command.Command.Options.Where(o => !IsBuiltIn(o) && o.ValueType != typeof(bool)), option =>
        {
            string[] choices = [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
            Assert.True(option.HelpName is not null || choices.Length > 1, $"{command.Path} {option.Name}: its value has no name");
            Assert.All(choices, choice => Assert.Equal(choice.ToLowerInvariant(), choice));
        });
    });

    [Fact]
    public void Every_command_that_does_something_has_json() => Assert.All(
        Commands().Where(command => command.Command.Action is not null && !WithoutJson.Contains(command.Command.Name)),
        command => Assert.Single(command.Command.Options, option => option is JsonOption));

    [Fact]
    public void No_value_of_an_option_breaks_the_parser() => Assert.All(Commands(), command =>
    {
        foreach (Option option in command.Command.Options)
        {
            foreach (string value in (string[])["x", "", "-1", "9".PadRight(400, '9'), "\0", "NaN", "=", ":", ","])
            {
                CommandTree.Create().Parse([.. command.Path.Split(' ')[1..], option.Name, value]);
            }
        }
    });

    /// <summary>Every command with the words that lead to it.</summary>
    internal static IEnumerable<(string Path, Command Command)> Commands() => Walk(ToolRoot.Program, CommandTree.Create());

    private static IEnumerable<(string Path, Command Command)> Walk(string path, Command command) =>
        [(path, command), .. command.Subcommands.SelectMany(child => Walk($"{path} {child.Name}", child))];

    private static bool IsBuiltIn(Option option) => option is VersionOption or System.CommandLine.Help.HelpOption;
}
