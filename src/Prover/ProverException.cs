namespace Init.Prover;

/// <summary>The only exception this room throws.</summary>
/// <param name="error">The reason, for programs.</param>
/// <param name="message">Operation, object, cause, for people. Never contains witness bytes.</param>
/// <param name="innerException">What the runtime threw, where there was such a thing.</param>
public sealed class ProverException(ProverError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The reason, for programs.</summary>
    public ProverError Error { get; } = error;
}
