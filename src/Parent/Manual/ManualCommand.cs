using System.CommandLine;

namespace Init.Parent.Manual;

/// <summary><c>enclave man</c>: prints the manual page.</summary>
internal static class ManualCommand
{
    public static Command Create()
    {
        ToolCommand command = new("man", "Prints the manual page, in roff.")
        {
            Examples =
            [
                new("enclave man", "to be shown: enclave man | man -l -"),
                new("enclave man", "to be installed: enclave man > /usr/local/share/man/man1/enclave.1"),
            ],
        };
        command.SetAction(Output.Blocking(_ =>
        {
            Console.Out.Write(ManualPage.Write(CommandTree.Create()));
            return Output.Success;
        }));
        return command;
    }
}
