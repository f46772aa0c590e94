namespace Init.Eif;

/// <summary>The only exception this room throws; what a caller's own stream throws passes through.</summary>
/// <param name="error">The reason, for programs.</param>
/// <param name="message">Operation, object, cause, for people; names the section where there is one.</param>
/// <param name="innerException">What the runtime threw, where there was such a thing.</param>
public sealed class EifException(EifError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The reason, for programs.</summary>
    public EifError Error { get; } = error;
}
