using System.CommandLine;
using Init.Client;
using Init.Parent.Manual;
using Init.Prover;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary><c>enclave prove</c>: has an enclave prove, and writes the files that <c>bb prove</c> writes.</summary>
internal static class RemoteProveCommand
{
    public static Command Create()
    {
        ToolCommand command = new("prove", "Has an enclave prove a Noir circuit; writes proof, public_inputs, vk and vk_hash.")
        {
            Examples =
            [
                new(
                    "enclave prove --address vsock:16:5000 --pcrs pcrs.json -b target/app.json -w target/app.gz -o target/proof",
                    "proves a Noir project's circuit; bb verify -p target/proof/proof -i target/proof/public_inputs -k target/proof/vk verifies it"),
                new(
                    "enclave prove --address simulator:/tmp/vsock --pcrs pcrs.json --simulator -b app.json -w app.gz -o proof --oracle-hash keccak --json",
                    "a proof for a verifier on Ethereum, by an enclave in QEMU, and a document that says where it is"),
            ],
        };
        EnclaveArguments enclave = new();
        ProofArguments proof = new();
        TrustArguments trust = new();
        Option<string> bytecode = CircuitFiles.Bytecode();
        Option<string> witness = CircuitFiles.Witness();
        Option<string> output = CircuitFiles.Folder();
        JsonOption json = new();
        enclave.AddTo(command);
        foreach (Option option in (Option[])[bytecode, witness, output])
        {
            command.Options.Add(option);
        }

        proof.AddTo(command);
        trust.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Asking(async (parsed, interrupted) =>
        {
            byte[] witnessGzip = await File.ReadAllBytesAsync(parsed.GetRequiredValue(witness), interrupted);
            ProveRequest request = new()
            {
                Circuit = new CircuitSource.InlineCircuit(Files.ReadBytecode(parsed.GetRequiredValue(bytecode))),
                Witness = witnessGzip,
                Settings = proof.Settings(parsed),
                WantsProgress = !Console.IsErrorRedirected,
                DeadlineMs = proof.DeadlineMs(parsed),
            };
            using EnclaveClient client = await trust.OpenAsync(parsed, enclave, interrupted);
            ProveReply reply = await client.ProveAsync(request, new Progress(), interrupted);
            Array.Clear(witnessGzip);
            Report(reply, parsed.GetRequiredValue(output), TrustArguments.BasisOf(client), parsed.GetValue(json));
            return Output.Success;
        }));
        return command;
    }

    private static void Report(ProveReply reply, string folder, string trust, bool asJson)
    {
        VerificationKey key = new(reply.Key, reply.KeyHash);
        ProofFiles.WriteProof(folder, reply.Proof, reply.PublicInputs, key);
        if (asJson)
        {
            Console.Out.Write(JsonText.Object(writer =>
            {
                writer.WriteString("Trust", trust);
                writer.WriteNumber("ProveMs", reply.ProveMs);
                writer.WriteNumber("QueueMs", reply.QueueMs);
                ProofFiles.WriteJson(writer, folder, withProof: true, key);
            }));
            return;
        }

        Output.Line("proved, verified", $"{reply.ProveMs} ms, after {reply.QueueMs} ms in the queue");
        Output.Line("written", ProofFiles.Summary(folder, withProof: true, key));
    }

    private sealed class Progress : IProgress<ProgressEvent>
    {
        public void Report(ProgressEvent value)
        {
            string queue = value.Stage == ProgressStage.Queued ? $", {value.Detail} before it" : "";
            Console.Error.WriteLine($"enclave: {value.Stage.ToString().ToLowerInvariant()}{queue} ({value.ElapsedMs} ms)");
        }
    }
}
