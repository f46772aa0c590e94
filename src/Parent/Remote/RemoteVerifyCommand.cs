using System.CommandLine;
using Init.Client;
using Init.Parent.Manual;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary><c>enclave verify</c>: has an enclave verify a proof.</summary>
internal static class RemoteVerifyCommand
{
    public static Command Create()
    {
        ToolCommand command = new("verify", "Has an enclave verify a proof; ends with 1 when it does not verify.")
        {
            Examples =
            [
                new(
                    "enclave verify --address vsock:16:5000 --pcrs pcrs.json -k target/proof/vk -p target/proof/proof -i target/proof/public_inputs",
                    "verifies what enclave prove or bb prove has written"),
                new(
                    "enclave verify --address simulator:/tmp/vsock --pcrs pcrs.json --simulator -k vk -p proof -i public_inputs --disable-zk --json",
                    "a proof that was made with --disable-zk, for a program"),
            ],
        };
        EnclaveArguments enclave = new();
        ProofArguments settings = new();
        TrustArguments trust = new();
        Option<string> key = CircuitFiles.Key();
        Option<string> proof = CircuitFiles.Proof();
        Option<string> inputs = CircuitFiles.PublicInputs();
        JsonOption json = new();
        enclave.AddTo(command);
        foreach (Option option in (Option[])[key, proof, inputs])
        {
            command.Options.Add(option);
        }

        settings.AddTo(command);
        trust.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Asking(async (parsed, interrupted) =>
        {
            VerifyRequest request = new(
                await File.ReadAllBytesAsync(parsed.GetRequiredValue(key), interrupted),
                await File.ReadAllBytesAsync(parsed.GetRequiredValue(proof), interrupted),
                await File.ReadAllBytesAsync(parsed.GetRequiredValue(inputs), interrupted),
                settings.Settings(parsed))
            {
                DeadlineMs = settings.DeadlineMs(parsed),
            };
            using EnclaveClient client = await trust.OpenAsync(parsed, enclave, interrupted);
            bool isValid = (await client.VerifyAsync(request, interrupted)).Valid;
            Output.ProofVerdict(isValid, parsed.GetValue(json), TrustArguments.BasisOf(client));
            return isValid ? Output.Success : Output.Failure;
        }));
        return command;
    }
}
