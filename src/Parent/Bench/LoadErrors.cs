using Init.Client;
using Init.Wire;

namespace Init.Parent.Bench;

/// <summary>What requests are counted under that were not answered as asked: the enclave's codes, and what can happen on this side.</summary>
internal static class LoadErrors
{
    /// <summary>No answer within the timeout, or none when the load ended.</summary>
    public const string Timeout = "Timeout";

    /// <summary>Due, but no connection was free to send it before the load ended.</summary>
    public const string Unsent = "Unsent";

    /// <summary>Every name there is, in a fixed order: a table of them is bounded.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [Timeout, Unsent, nameof(ClientError.Unreachable), nameof(ClientError.ConnectionLost), nameof(ClientError.Protocol), .. Enum.GetNames<ErrorCode>()];

    public static string Of(ClientException exception) => exception switch
    {
        { Reply: { } reply } => reply.Code.ToString(),
        { Error: ClientError.Deadline } => Timeout,
        { Error: ClientError.Unreachable or ClientError.ConnectionLost } => exception.Error.ToString(),
        _ => nameof(ClientError.Protocol),
    };
}
