using System.CommandLine;
using System.CommandLine.Help;
using Init.Parent.Bench;
using Init.Parent.Image;
using Init.Parent.Local;
using Init.Parent.Manual;
using Init.Parent.Remote;
using Init.Parent.Run;
using Init.Parent.Simulation;
using Init.Parent.Trust;

namespace Init.Parent;

/// <summary>All commands. The help, the manual page, the completions and their tests are made from this tree.</summary>
internal static class CommandTree
{
    /// <summary>On every command.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "Say where an unexpected error came from.",
        Recursive = true,
    };

    public static ToolRoot Create()
    {
        ToolRoot root = new("Operates AWS Nitro Enclaves that run Init, from the parent instance.")
        {
            Examples =
            [
                new("enclave health --address vsock:16:5000", "asks the enclave with CID 16 on this parent instance how it is"),
                new("enclave run out/image/init.eif --socket /tmp/vsock", "boots an image in QEMU, for development, at simulator:/tmp/vsock"),
            ],
        };
        root.Subcommands.Add(AttestCommand.Create());
        root.Subcommands.Add(HealthCommand.Create());
        root.Subcommands.Add(VerifyAttestationCommand.Create());
        root.Subcommands.Add(RemoteProveCommand.Create());
        root.Subcommands.Add(RemoteVerifyCommand.Create());
        root.Subcommands.Add(RemoteKeyCommand.Create());
        root.Subcommands.Add(BenchCommand.Create());
        root.Subcommands.Add(ShutdownCommand.Create());
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(ImageCommand.Create());
        root.Subcommands.Add(NsmCommand.Create());
        root.Subcommands.Add(LocalCommand.Create());
        root.Subcommands.Add(CompletionCommand.Create());
        root.Subcommands.Add(ManualCommand.Create());
        root.Options.Add(Verbose);
        RefuseOptionsAsArguments(root);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new ExampleHelp((HelpAction)help.Action!);
            help.Description = "Show how a command is used.";
        }

        return root;
    }

    /// <summary>An option that is mistyped would be taken for the name of a file.</summary>
    private static void RefuseOptionsAsArguments(Command command)
    {
        foreach (Argument argument in command.Arguments)
        {
            argument.Validators.Add(result =>
            {
                foreach (string word in result.Tokens.Select(token => token.Value).Where(word => word.StartsWith('-')))
                {
                    result.AddError($"there is no option {Output.Printable(word)}; a file of that name is ./{Output.Printable(word)}");
                }
            });
        }

        foreach (Command child in command.Subcommands)
        {
            RefuseOptionsAsArguments(child);
        }
    }
}
