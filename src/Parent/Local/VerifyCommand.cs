using System.CommandLine;
using Init.Parent.Manual;
using Init.Prover.Barretenberg;

namespace Init.Parent.Local;

/// <summary><c>enclave local verify</c>: what <c>bb verify</c> does.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        ToolCommand command = new("verify", "Verifies a proof; ends with 1 when it does not verify.")
        {
            Examples =
            [
                new("enclave local verify -k vk -p proof -i public_inputs --crs ~/.bb-crs", "verifies what enclave prove or bb prove has written"),
                new("enclave local verify -k vk -p proof -i public_inputs --crs ~/.bb-crs --disable-zk --json", "a proof made with --disable-zk, for a program"),
            ],
        };
        Option<string> key = CircuitFiles.Key();
        Option<string> proof = CircuitFiles.Proof();
        Option<string> inputs = CircuitFiles.PublicInputs();
        ProverArguments arguments = new();
        JsonOption json = new();
        foreach (Option option in (Option[])[key, proof, inputs])
        {
            command.Options.Add(option);
        }

        arguments.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Blocking(parsed =>
        {
            using BarretenbergProver prover = arguments.CreateProver(parsed);
            bool verified = prover.Verify(
                File.ReadAllBytes(parsed.GetRequiredValue(key)),
                File.ReadAllBytes(parsed.GetRequiredValue(proof)),
                File.ReadAllBytes(parsed.GetRequiredValue(inputs)),
                arguments.Settings(parsed),
                arguments.Limits(parsed));
            Output.ProofVerdict(verified, parsed.GetValue(json));
            return verified ? Output.Success : Output.Failure;
        }));
        return command;
    }
}
