using System.CommandLine;
using Init.Parent.Manual;
using Init.Prover;
using Init.Prover.Barretenberg;

namespace Init.Parent.Local;

/// <summary><c>enclave local vk</c>: what <c>bb write_vk</c> does.</summary>
internal static class KeyCommand
{
    public static Command Create()
    {
        ToolCommand command = new("vk", "Computes a circuit's verification key; writes vk and vk_hash.")
        {
            Examples =
            [
                new("enclave local vk -b target/app.json -o target --crs ~/.bb-crs", "writes target/vk and target/vk_hash"),
                new("enclave local vk -b app.json -o . --crs ~/.bb-crs --oracle-hash keccak", "the key of proofs for Ethereum"),
            ],
        };
        Option<string> bytecode = CircuitFiles.Bytecode();
        Option<string> output = CircuitFiles.Folder();
        ProverArguments arguments = new();
        JsonOption json = new();
        command.Options.Add(bytecode);
        command.Options.Add(output);
        arguments.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Blocking(parsed =>
        {
            using BarretenbergProver prover = arguments.CreateProver(parsed);
            VerificationKey key = prover.ComputeVerificationKey(
                Files.ReadCircuit(parsed.GetRequiredValue(bytecode)), arguments.Settings(parsed), arguments.Limits(parsed));
            ProofFiles.WriteKey(parsed.GetRequiredValue(output), key);
            Output.KeyWritten(parsed.GetRequiredValue(output), key, parsed.GetValue(json));
            return Output.Success;
        }));
        return command;
    }
}
