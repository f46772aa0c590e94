using System.CommandLine;
using Init.Parent.Manual;

namespace Init.Parent.Local;

/// <summary><c>enclave local ..</c>: the enclave's prover in this process, without an enclave.</summary>
internal static class LocalCommand
{
    public static Command Create()
    {
        ToolCommand local = new("local", "Runs the enclave's prover in this process, without an enclave: for development and for comparing.")
        {
            Examples =
            [
                new("enclave local gates -b target/app.json --crs ~/.bb-crs", "how large a circuit is, and what proving it takes"),
                new("enclave local vk -b target/app.json -o target --crs ~/.bb-crs", "its verification key"),
            ],
        };
        local.Subcommands.Add(ProveCommand.Create());
        local.Subcommands.Add(VerifyCommand.Create());
        local.Subcommands.Add(KeyCommand.Create());
        local.Subcommands.Add(GatesCommand.Create());
        return local;
    }
}
