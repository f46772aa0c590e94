using System.CommandLine;

namespace Init.Parent.Manual;

/// <summary><c>enclave completion</c>: prints a shell's completion script.</summary>
internal static class CompletionCommand
{
    private const string Name = "completion";
    private const string Shells = "bash zsh fish";

    public static Command Create()
    {
        ToolCommand command = new(Name, "Prints a script with which a shell completes this command's words.")
        {
            Examples =
            [
                new("enclave completion bash", "to be read by bash: source <(enclave completion bash)"),
                new("enclave completion fish", "for ~/.config/fish/completions/enclave.fish; zsh's goes into a folder of fpath as _enclave"),
            ],
        };
        Argument<string> shell = new("SHELL") { Description = "One of bash, zsh and fish." };
        shell.AcceptOnlyFromAmong(Shells.Split(' '));
        command.Arguments.Add(shell);
        command.SetAction(Output.Blocking(parsed =>
        {
            ToolRoot root = CommandTree.Create();
            Console.Out.Write(parsed.GetRequiredValue(shell) switch
            {
                "bash" => BashCompletion.Write(root),
                "zsh" => ZshCompletion.Write(root),
                _ => FishCompletion.Write(root),
            });
            return Output.Success;
        }));
        return command;
    }

    /// <summary>What a command's argument may be where that is not a file; empty otherwise.</summary>
    public static string ShellsOf(Command command) => command.Name == Name ? Shells : "";
}
