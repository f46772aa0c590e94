namespace Init.Sealing;

/// <summary>The only exception this room throws.</summary>
/// <param name="error">The reason, for programs.</param>
/// <param name="message">Operation, object, cause, for people; never a secret.</param>
/// <param name="innerException">What lies below, where there is such a thing.</param>
public sealed class SealingException(SealingError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The reason, for programs.</summary>
    public SealingError Error { get; } = error;
}
