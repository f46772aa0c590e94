using System.CommandLine;
using Init.Client;
using Init.Parent.Manual;
using Init.Prover;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary><c>enclave vk</c>: has an enclave compute a circuit's verification key.</summary>
internal static class RemoteKeyCommand
{
    public static Command Create()
    {
        ToolCommand command = new("vk", "Has an enclave compute a circuit's verification key; writes vk and vk_hash.")
        {
            Examples =
            [
                new("enclave vk --address vsock:16:5000 --pcrs pcrs.json -b target/app.json -o target", "writes target/vk and target/vk_hash, as bb write_vk does"),
                new("enclave vk --address simulator:/tmp/vsock --pcrs pcrs.json --simulator -b app.json -o . --oracle-hash keccak --json", "the key of proofs for Ethereum"),
            ],
        };
        EnclaveArguments enclave = new();
        ProofArguments settings = new();
        TrustArguments trust = new();
        Option<string> bytecode = CircuitFiles.Bytecode();
        Option<string> output = CircuitFiles.Folder();
        JsonOption json = new();
        enclave.AddTo(command);
        command.Options.Add(bytecode);
        command.Options.Add(output);
        settings.AddTo(command);
        trust.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Asking(async (parsed, interrupted) =>
        {
            CircuitSource circuit = new CircuitSource.InlineCircuit(Files.ReadBytecode(parsed.GetRequiredValue(bytecode)));
            VkRequest request = new(circuit, settings.Settings(parsed)) { DeadlineMs = settings.DeadlineMs(parsed) };
            using EnclaveClient client = await trust.OpenAsync(parsed, enclave, interrupted);
            VkReply reply = await client.ComputeKeyAsync(request, interrupted);
            VerificationKey key = new(reply.Key, reply.Hash);
            ProofFiles.WriteKey(parsed.GetRequiredValue(output), key);
            Output.KeyWritten(parsed.GetRequiredValue(output), key, parsed.GetValue(json), TrustArguments.BasisOf(client));
            return Output.Success;
        }));
        return command;
    }
}
