using System.Text.Json;
using Init.Attestation.Reporting;

namespace Init.Attestation;

/// <summary>The verdict on one document, step by step.</summary>
public sealed class AttestationReport
{
    internal AttestationReport(
        AttestationPayload claims, DateTimeOffset verifiedAt, IReadOnlyList<AttestationStepResult> steps, AttestationRoot? root, bool isUnsigned)
    {
        Claims = claims;
        VerifiedAt = verifiedAt;
        Steps = steps;
        Root = root;
        IsUnsigned = isUnsigned;
        Refusal = steps.FirstOrDefault(step => step.Outcome == AttestationOutcome.Failed);
    }

    /// <summary>Every step, in order.</summary>
    public IReadOnlyList<AttestationStepResult> Steps { get; }

    /// <summary>The first step that failed; null when the document is accepted.</summary>
    public AttestationStepResult? Refusal { get; }

    /// <summary>Whether no step failed.</summary>
    public bool IsAccepted => Refusal is null;

    /// <summary>What an accepted document rests on. Whoever wants hardware behind it asks for <see cref="AttestationTrust.Aws"/>.</summary>
    public AttestationTrust Trust => this switch
    {
        { IsAccepted: false } => AttestationTrust.None,
        { IsUnsigned: true } => AttestationTrust.NotSigned,
        { Root.IsAws: true } => AttestationTrust.Aws,
        _ => AttestationTrust.ConfiguredRoot,
    };

    /// <summary><see cref="Trust"/> for programs and people: UNSIGNED where nobody has signed.</summary>
    public string TrustName => Trust == AttestationTrust.NotSigned ? "UNSIGNED" : Trust.ToString();

    /// <summary>The trusted root at the chain's head; null where there is none.</summary>
    public AttestationRoot? Root { get; }

    /// <summary>Whether it is a simulator's document that nobody signed.</summary>
    public bool IsUnsigned { get; }

    /// <summary>Whether PCR0 is zero: the parent reads the enclave's console.</summary>
    public bool IsDebug => Claims.Pcrs[0].IsZero;

    /// <summary>The time as of which the document was judged.</summary>
    public DateTimeOffset VerifiedAt { get; }

    /// <summary>What the document says, accepted or not: for printing. For use there is <see cref="RequireAccepted"/>.</summary>
    public AttestationPayload Claims { get; }

    /// <summary>What the document says, now known to be true under the policy.</summary>
    /// <exception cref="AttestationException">The first step that failed.</exception>
    public AttestationPayload RequireAccepted() => Refusal is { } refusal
        ? throw new AttestationException(refusal.Error ?? AttestationError.Malformed, $"verify attestation document: {refusal.Name()}: {refusal.Detail}")
        : Claims;

    /// <summary>The report for people: lines of a name, blanks and text, in printable ASCII.</summary>
    public string ToText() => ReportText.Write(this);

    /// <summary>The report for programs: one JSON object, written as a value.</summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ReportJson.Write(writer, this);
    }
}
