using System.CommandLine;
using Init.Prover.Barretenberg;

namespace Init.Parent.Local;

/// <summary><c>enclave local vk</c>: what <c>bb write_vk</c> does.</summary>
internal static class KeyCommand
{
    public static Command Create()
    {
        Command command = new("vk", "Computes a circuit's verification key; writes vk and vk_hash.");
        Option<string> bytecode = new("--bytecode", "-b") { Description = "Noir's prog.json, or its gzipped bytecode.", Required = true };
        Option<string> output = new("--output", "-o") { Description = "Folder for the files.", Required = true };
        ProverArguments arguments = new();
        command.Options.Add(bytecode);
        command.Options.Add(output);
        arguments.AddTo(command);
        command.SetAction(parsed => Output.Run(() =>
        {
            using BarretenbergProver prover = arguments.CreateProver(parsed);
            Files.WriteKey(
                parsed.GetRequiredValue(output),
                prover.ComputeVerificationKey(
                    Files.ReadCircuit(parsed.GetRequiredValue(bytecode)), arguments.Settings(parsed), arguments.Limits(parsed)));
            return Output.Success;
        }));
        return command;
    }
}
