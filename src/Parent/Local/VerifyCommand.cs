using System.CommandLine;
using Init.Prover.Barretenberg;

namespace Init.Parent.Local;

/// <summary><c>enclave local verify</c>: what <c>bb verify</c> does.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Command command = new("verify", "Verifies a proof.");
        Option<string> key = new("--key", "-k") { Description = "The file vk.", Required = true };
        Option<string> proof = new("--proof", "-p") { Description = "The file proof.", Required = true };
        Option<string> inputs = new("--public-inputs", "-i") { Description = "The file public_inputs.", Required = true };
        ProverArguments arguments = new();
        foreach (Option option in (Option[])[key, proof, inputs])
        {
            command.Options.Add(option);
        }

        arguments.AddTo(command);
        command.SetAction(parsed => Output.Run(() =>
        {
            using BarretenbergProver prover = arguments.CreateProver(parsed);
            bool verified = prover.Verify(
                File.ReadAllBytes(parsed.GetRequiredValue(key)),
                File.ReadAllBytes(parsed.GetRequiredValue(proof)),
                File.ReadAllBytes(parsed.GetRequiredValue(inputs)),
                arguments.Settings(parsed),
                arguments.Limits(parsed));
            Output.Line("proof", verified ? "verified" : "REFUSED");
            return verified ? Output.Success : Output.Failure;
        }));
        return command;
    }
}
