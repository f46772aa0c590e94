namespace Init.Wire;

/// <summary>The only exception this room throws on input.</summary>
/// <param name="error">The reason, for programs.</param>
/// <param name="message">Operation, object, cause, for people. Never contains bytes of a message.</param>
public sealed class WireException(WireError error, string message) : Exception(message)
{
    /// <summary>The reason, for programs.</summary>
    public WireError Error { get; } = error;

    /// <summary>What a server answers to whoever sent these bytes.</summary>
    public ErrorCode Code => Error == WireError.TooLarge ? ErrorCode.TooLarge : ErrorCode.Malformed;

    internal static WireException Malformed(string message) => new(WireError.Malformed, message);

    internal static WireException TooLarge(string message) => new(WireError.TooLarge, message);

    internal static WireException InvalidValue(string message) => new(WireError.InvalidValue, message);
}
