using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Init.Attestation;

namespace Init.Parent.Trust;

/// <summary><c>enclave verify-attestation</c>: judges a document that lies in a file. Talks to nobody.</summary>
internal static class VerifyAttestationCommand
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static Command Create()
    {
        Command command = new("verify-attestation", "Verifies an attestation document: signature, chain to AWS's root, age, nonce, PCRs. Ends with 3 when it is refused.");
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
        Option<bool> json = new("--json") { Description = "Print JSON." };
        PolicyArguments policy = new();
        command.Arguments.Add(path);
        command.Options.Add(at);
        command.Options.Add(nonce);
        policy.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed => Output.Run(() =>
        {
            TimeProvider clock = parsed.GetValue(at) is { } time ? new StoppedClock(time) : TimeProvider.System;
            AttestationVerifier verifier = new(policy.Read(parsed), clock);
            byte[] document = ReadDocument(parsed.GetRequiredValue(path));
            AttestationReport report = parsed.GetValue(nonce) is { } expected ? verifier.Verify(document, expected.Span) : verifier.Verify(document);
            Console.Out.Write(parsed.GetValue(json) ? Json(report) : report.ToText());
            return Conclude(report);
        }));
        return command;
    }

    private static int Conclude(AttestationReport report)
    {
        if (report.IsUnsigned)
        {
            Console.Error.WriteLine("enclave: warning: UNSIGNED: a simulator made this document, it proves nothing");
        }

        if (report.IsDebug)
        {
            Console.Error.WriteLine("enclave: warning: DEBUG: the parent reads this enclave's console");
        }

        if (report.Refusal is not { } refusal)
        {
            return Output.Success;
        }

        Output.Fail($"attestation refused: {refusal.Step.ToString().ToLowerInvariant()}: {refusal.Detail}");
        if (Hint(refusal.Error) is { } hint)
        {
            Console.Error.WriteLine($"enclave: hint: {hint}");
        }

        return Output.Refused;
    }

    private static string? Hint(AttestationError? error) => error switch
    {
        AttestationError.NotSigned => "--simulator accepts documents of QEMU's NSM, for development",
        AttestationError.UntrustedRoot => "--root FILE trusts a development PKI in place of AWS",
        AttestationError.Expired or AttestationError.NotYetValid => "a document is valid for three hours at most; --at TIME verifies as of another time",
        AttestationError.Stale => "attest again; --max-age accepts older documents, --at TIME verifies as of another time",
        AttestationError.FromTheFuture => "is this machine's clock right?",
        AttestationError.DebugMode => "boot the enclave without --debug-mode; --allow-debug accepts it, for development",
        AttestationError.Measurements => "is it another image? enclave image measure prints what an image's PCRs will be",
        _ => null,
    };

    private static string Json(AttestationReport report)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Indented))
        {
            report.WriteJson(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
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
