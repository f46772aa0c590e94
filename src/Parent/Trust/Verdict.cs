using Init.Attestation;

namespace Init.Parent.Trust;

/// <summary>What the commands say of a verified document.</summary>
internal static class Verdict
{
    /// <summary>Prints the report and, on standard error, what the user should know; returns the exit code.</summary>
    public static int Show(AttestationReport report, bool asJson)
    {
        Console.Out.Write(asJson ? JsonText.Of(report.WriteJson) : report.ToText());
        Warn(report);
        return report.Refusal is { } refusal
            ? Output.Fail($"attestation refused: {refusal.Step.ToString().ToLowerInvariant()}: {refusal.Detail}", Output.Refused, Hint(refusal.Error))
            : Output.Success;
    }

    /// <summary>Says what the user should know of a document, accepted or not.</summary>
    public static void Warn(AttestationReport report)
    {
        if (report.IsUnsigned)
        {
            Output.Warn("UNSIGNED: a simulator made this document, it proves nothing");
        }

        if (report.IsDebug)
        {
            Output.Warn("DEBUG: the parent reads this enclave's console");
        }
    }

    /// <summary>What the user can do about a refusal; null where nothing is known.</summary>
    public static string? Hint(AttestationError? error) => error switch
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
}
