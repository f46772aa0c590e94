using System.CommandLine;

namespace Init.Parent.Local;

/// <summary><c>enclave local ..</c>: the enclave's prover in this process, without an enclave.</summary>
internal static class LocalCommand
{
    public static Command Create()
    {
        Command local = new("local", "Runs the enclave's prover in this process, without an enclave: for development and for comparing.");
        local.Subcommands.Add(ProveCommand.Create());
        local.Subcommands.Add(VerifyCommand.Create());
        local.Subcommands.Add(KeyCommand.Create());
        local.Subcommands.Add(GatesCommand.Create());
        return local;
    }
}
