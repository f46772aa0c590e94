namespace Init.Nsm;

/// <summary>The only exception this room throws.</summary>
/// <param name="error">The reason, for programs.</param>
/// <param name="message">Operation, object, cause, for people.</param>
/// <param name="innerException">What lies below, where there is such a thing.</param>
public sealed class NsmException(NsmError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The reason, for programs.</summary>
    public NsmError Error { get; } = error;
}
