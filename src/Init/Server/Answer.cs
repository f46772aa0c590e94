using Init.Wire;

namespace Init.Server;

/// <summary>The answer to a request.</summary>
/// <param name="Body">At least one byte, at most <see cref="WireLimits.MaxMessageBytes"/>.</param>
/// <param name="Error">Null when it is a reply, else the code of the error that it is.</param>
/// <param name="Owner">Disposed of when the body is written; null where the collector does.</param>
/// <param name="IsSealed">Whether only the caller can read what it is.</param>
/// <param name="Start">What stands before the body: a few bytes, at most <see cref="OutgoingMessage.MaxStartBytes"/>.</param>
/// <param name="IsOfMessage">Whether the body is bytes of the request's message, which then stays until they are written.</param>
internal readonly record struct Answer(
    ReadOnlyMemory<byte> Body, ErrorCode? Error = null, IDisposable? Owner = null, bool IsSealed = false,
    ReadOnlyMemory<byte> Start = default, bool IsOfMessage = false)
{
    /// <summary>What its frames say.</summary>
    public FrameKind Kind => Error is null || IsSealed ? FrameKind.Reply : FrameKind.Error;
}
