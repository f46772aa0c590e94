using System.CommandLine;
using Init.Client;
using Init.Prover;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary><c>enclave prove</c>: has an enclave prove, and writes the files that <c>bb prove</c> writes.</summary>
internal static class RemoteProveCommand
{
    public static Command Create()
    {
        Command command = new("prove", "Has an enclave prove a Noir circuit; writes proof, public_inputs, vk and vk_hash.");
        EnclaveArguments enclave = new();
        Option<string> bytecode = new("--bytecode", "-b") { Description = "Noir's prog.json, or its gzipped bytecode.", Required = true };
        Option<string> witness = new("--witness", "-w") { Description = "Noir's witness.gz.", Required = true };
        Option<string> output = new("--output", "-o") { Description = "Folder for the files.", Required = true };
        Option<uint> deadline = new("--deadline-ms") { Description = "Milliseconds after which the enclave gives up; 0 for its default." };
        Option<TranscriptHash> hash = new("--oracle-hash")
        {
            Description = "Hash of the transcript: poseidon2, keccak or starknet.",
            DefaultValueFactory = _ => TranscriptHash.Poseidon2,
        };
        Option<bool> noZk = new("--disable-zk") { Description = "Proofs that do not hide the witness." };
        Option<bool> insecure = new("--insecure") { Description = "Send the witness although nobody has attested and the path can read it.", Required = true };
        enclave.AddTo(command);
        foreach (Option option in (Option[])[bytecode, witness, output, deadline, hash, noZk, insecure])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => Output.RunAsync(async () =>
        {
            byte[] witnessGzip = await File.ReadAllBytesAsync(parsed.GetRequiredValue(witness), cancellation);
            ProveRequest request = new()
            {
                Circuit = new CircuitSource.InlineCircuit(Files.ReadBytecode(parsed.GetRequiredValue(bytecode))),
                Witness = witnessGzip,
                Settings = new ProveSettings { OracleHash = parsed.GetValue(hash), ZeroKnowledge = !parsed.GetValue(noZk) },
                WantsProgress = !Console.IsErrorRedirected,
                DeadlineMs = parsed.GetValue(deadline),
            };
            Console.Error.WriteLine("enclave: warning: --insecure: the parent instance can read this witness");
            using EnclaveClient client = enclave.Open(parsed);
            ProveReply reply = await client.ProveAsync(request, new Progress(), cancellation);
            Array.Clear(witnessGzip);
            Report(reply, parsed.GetRequiredValue(output));
            return Output.Success;
        }));
        return command;
    }

    private static void Report(ProveReply reply, string folder)
    {
        Files.Write(folder, "proof", reply.Proof);
        Files.Write(folder, "public_inputs", reply.PublicInputs);
        Files.WriteKey(folder, new VerificationKey(reply.Key, reply.KeyHash));
        Output.Line("proved, verified", $"{reply.ProveMs} ms, after {reply.QueueMs} ms in the queue");
        Output.Line("written", $"{folder}/{{proof,public_inputs,vk{(reply.KeyHash.IsEmpty ? "" : ",vk_hash")}}}");
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
