using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Init.Attestation;
using Init.Parent.Manual;

namespace Init.Parent.Trust;

/// <summary><c>enclave verify-attestation</c>: judges a document that lies in a file. Talks to nobody.</summary>
internal static class VerifyAttestationCommand
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static Command Create()
    {
        ToolCommand command = new("verify-attestation", "Verifies an attestation document: signature, chain to AWS's root, age, nonce, PCRs. Ends with 3 when it is refused.")
        {
            Examples =
            [
                new("enclave verify-attestation attestation.bin --pcrs pcrs.json", "judges a document that enclave attest has kept, as of now"),
                new("enclave verify-attestation attestation.bin --at 2026-01-02T03:04:05Z --json", "judges it as of another time, for a program"),
            ],
        };
        Argument<string> path = new("FILE") { Description = "The document, as enclave attest writes it." };
        Option<DateTimeOffset?> at = new("--at")
        {
            Description = "Verify as of this time, 2026-01-02T03:04:05Z, and not now.",
            HelpName = "TIME",
            CustomParser = ReadTime,
        };
        Option<ReadOnlyMemory<byte>?> nonce = new("--nonce")
        {
            Description = $"The nonce that the document must have, {AttestationLimits.MinNonceBytes} to {AttestationLimits.MaxNonceBytes} bytes in hexadecimal digits.",
            HelpName = "HEX",
            CustomParser = ReadNonce,
        };
        JsonOption json = new();
        PolicyArguments policy = new();
        command.Arguments.Add(path);
        command.Options.Add(at);
        command.Options.Add(nonce);
        policy.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Blocking(parsed =>
        {
            TimeProvider clock = parsed.GetValue(at) is { } time ? new StoppedClock(time) : TimeProvider.System;
            AttestationVerifier verifier = new(policy.Read(parsed), clock);
            byte[] document = ReadDocument(parsed.GetRequiredValue(path));
            AttestationReport report = parsed.GetValue(nonce) is { } expected ? verifier.Verify(document, expected.Span) : verifier.Verify(document);
            return Verdict.Show(report, parsed.GetValue(json));
        }));
        return command;
    }

    /// <summary>One byte more than a document can have is enough to refuse it.</summary>
    private static byte[] ReadDocument(string path)
    {
        byte[] buffer = new byte[AttestationLimits.MaxDocumentBytes + 1];
        using FileStream file = File.OpenRead(path);
        return buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    private static DateTimeOffset? ReadTime(ArgumentResult argument)
    {
        string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
        if (DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return time;
        }

        argument.AddError("--at: not a time like 2026-01-02T03:04:05Z");
        return null;
    }

    private static ReadOnlyMemory<byte>? ReadNonce(ArgumentResult argument)
    {
        string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
        if (text.Length % 2 == 0
            && text.Length / 2 is >= AttestationLimits.MinNonceBytes and <= AttestationLimits.MaxNonceBytes
            && text.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(text);
        }

        argument.AddError($"--nonce: not {AttestationLimits.MinNonceBytes} to {AttestationLimits.MaxNonceBytes} bytes in hexadecimal digits");
        return null;
    }

    /// <summary>Always the same time.</summary>
    private sealed class StoppedClock(DateTimeOffset time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time;
    }
}
