using Init.Wire;

namespace Init.Server;

/// <summary>A request that is answered with an error; the connection goes on.</summary>
/// <param name="code">For programs.</param>
/// <param name="message">Operation, object, cause, for people. Never contains bytes of the request.</param>
/// <param name="retryAfter">With <see cref="ErrorCode.Busy"/>: when to try again.</param>
internal sealed class RequestException(ErrorCode code, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    /// <summary>For programs.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>When to try again; only with <see cref="ErrorCode.Busy"/>.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
