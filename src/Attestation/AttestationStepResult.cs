namespace Init.Attestation;

/// <summary>One line of a report.</summary>
/// <param name="Step">What was to be checked.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">Why, in printable ASCII.</param>
/// <param name="Error">For programs; null unless the step failed.</param>
public sealed record AttestationStepResult(AttestationStep Step, AttestationOutcome Outcome, string Detail, AttestationError? Error = null);
