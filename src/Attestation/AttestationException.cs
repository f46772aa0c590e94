namespace Init.Attestation;

/// <summary>The only exception this room throws on input.</summary>
/// <param name="error">The reason, for programs.</param>
/// <param name="message">Operation, object, cause, for people.</param>
/// <param name="innerException">What was thrown below, where there was such a thing.</param>
public sealed class AttestationException(AttestationError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The reason, for programs.</summary>
    public AttestationError Error { get; } = error;
}
