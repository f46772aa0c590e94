using System.CommandLine;
using System.Security.Cryptography;
using Init.Attestation;
using Init.Client;
using Init.Parent.Manual;
using Init.Parent.Trust;

namespace Init.Parent.Remote;

/// <summary><c>enclave attest</c>: fetches an attestation document over a fresh nonce, and verifies it.</summary>
internal static class AttestCommand
{
    private const int NonceBytes = 32;

    public static Command Create()
    {
        ToolCommand command = new("attest", "Fetches an attestation document over a fresh nonce and verifies it. Ends with 3 when it is refused.")
        {
            Examples =
            [
                new("enclave attest --address vsock:16:5000 --pcrs pcrs.json", "requires that the enclave runs the image whose measurements image build wrote"),
                new("enclave attest --address simulator:/tmp/vsock --simulator -o attestation.bin", "keeps the document of an enclave in QEMU, which nobody signs"),
            ],
        };
        EnclaveArguments enclave = new();
        PolicyArguments policy = new();
        Option<string?> output = new("--output", "-o") { Description = "File for the document, accepted or not.", HelpName = Value.File };
        JsonOption json = new();
        enclave.AddTo(command);
        command.Options.Add(output);
        policy.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Asking(async (parsed, interrupted) =>
        {
            AttestationVerifier verifier = new(policy.Read(parsed), TimeProvider.System);
            byte[] nonce = RandomNumberGenerator.GetBytes(NonceBytes);
            using EnclaveClient client = await enclave.OpenAsync(parsed, interrupted);
            ReadOnlyMemory<byte> document = (await client.FetchAttestationAsync(nonce, default, interrupted)).Document;
            if (parsed.GetValue(output) is { } path)
            {
                UnfinishedFile.Write(path, document);
            }

            return Judge(verifier, document, nonce, parsed.GetValue(json));
        }));
        return command;
    }

    private static int Judge(AttestationVerifier verifier, ReadOnlyMemory<byte> document, byte[] nonce, bool asJson)
    {
        try
        {
            return Verdict.Show(verifier.Verify(document.Span, nonce), asJson);
        }
        catch (AttestationException exception) when (exception.Error == AttestationError.Malformed)
        {
            return Output.Fail($"attestation refused: {exception.Message}", Output.Refused);
        }
    }
}
