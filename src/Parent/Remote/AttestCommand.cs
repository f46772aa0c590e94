using System.CommandLine;
using System.Security.Cryptography;
using Init.Client;
using Init.Nsm;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary><c>enclave attest</c>: fetches an attestation document over a fresh nonce. Its signature is not verified here.</summary>
internal static class AttestCommand
{
    private const int NonceBytes = 32;

    public static Command Create()
    {
        Command command = new("attest", "Fetches an attestation document over a fresh nonce and shows it. Its signature is NOT verified.");
        EnclaveArguments enclave = new();
        Option<string?> output = new("--output", "-o") { Description = "File for the document." };
        enclave.AddTo(command);
        command.Options.Add(output);
        command.SetAction((parsed, cancellation) => Output.RunAsync(async () =>
        {
            byte[] nonce = RandomNumberGenerator.GetBytes(NonceBytes);
            using EnclaveClient client = enclave.Open(parsed);
            ReadOnlyMemory<byte> bytes = (await client.AttestAsync(nonce, default, cancellation)).Document;
            if (parsed.GetValue(output) is { } path)
            {
                await File.WriteAllBytesAsync(path, bytes, cancellation);
            }

            AttestationDocument document = AttestationDocument.Parse(bytes);
            Print(document);
            bool fresh = document.Nonce.Span.SequenceEqual(nonce);
            Output.Line("nonce", fresh ? "ours" : "ANOTHER ONE");
            Output.Line("signature", "not verified");
            return fresh ? Output.Success : Output.Failure;
        }));
        return command;
    }

    private static void Print(AttestationDocument document)
    {
        Output.Line("module", document.ModuleId);
        Output.Line("timestamp", document.Timestamp.ToString("O"));
        foreach ((int index, ReadOnlyMemory<byte> value) in document.Pcrs.OrderBy(pcr => pcr.Key))
        {
            if (value.Span.ContainsAnyExcept((byte)0))
            {
                Output.Line($"PCR{index}", Convert.ToHexStringLower(value.Span));
            }
        }

        Output.Line("public key", document.PublicKey.IsEmpty ? "none" : $"{document.PublicKey.Length} bytes");
    }
}
