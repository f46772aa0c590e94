using System.Text;

namespace Init.Attestation.Reporting;

/// <summary>The report for people.</summary>
internal static class ReportText
{
    private const int NameColumn = 17;
    private const int OutcomeColumn = 9;

    public static string Write(AttestationReport report)
    {
        StringBuilder text = new();
        Line("verdict", report.IsAccepted ? "accepted" : "REFUSED");
        if (report.IsUnsigned)
        {
            Line("UNSIGNED", "a simulator made this, nobody signed it: it proves nothing");
        }

        if (report.IsDebug)
        {
            Line("DEBUG", "the parent reads the enclave's console: it keeps no secret");
        }

        if (report.Trust == AttestationTrust.ConfiguredRoot)
        {
            Line("CONFIGURED ROOT", "not AWS's: this says nothing of Nitro hardware");
        }

        foreach (AttestationStepResult step in report.Steps)
        {
            string outcome = step.Outcome == AttestationOutcome.Failed ? "FAILED" : step.Outcome.ToString().ToLowerInvariant();
            Line(step.Name(), $"{outcome.PadRight(OutcomeColumn)}{step.Detail}");
        }

        AttestationPayload claims = report.Claims;
        Line("module", claims.ModuleId.Printable());
        Line("timestamp", claims.Timestamp.Text());
        foreach ((int index, PcrValue value) in claims.Pcrs.Where(pcr => !pcr.Value.IsZero))
        {
            Line($"PCR{index}", value.ToString());
        }

        Line("public key", Hex(claims.PublicKey));
        Line("user data", Hex(claims.UserData));
        Line("nonce", Hex(claims.Nonce));
        return text.ToString();

        void Line(string name, string value) => text.Append($"{name.PadRight(NameColumn)}{value}\n");
    }

    private static string Hex(ReadOnlyMemory<byte>? bytes) =>
        bytes is { } value ? $"{value.Length} bytes {Convert.ToHexStringLower(value.Span)}".TrimEnd() : "none";
}
