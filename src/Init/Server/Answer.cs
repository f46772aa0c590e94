using Init.Wire;

namespace Init.Server;

/// <summary>The answer to a request.</summary>
/// <param name="Body">At least one byte, at most <see cref="WireLimits.MaxMessageBytes"/>.</param>
/// <param name="Error">Null when it is a reply, else the code of the error that it is.</param>
/// <param name="Owner">Disposed of when the body is written; null where the collector does.</param>
/// <param name="IsSealed">Whether only the caller can read what it is.</param>
internal readonly record struct Answer(ReadOnlyMemory<byte> Body, ErrorCode? Error = null, IDisposable? Owner = null, bool IsSealed = false)
{
    /// <summary>What its frames say.</summary>
    public FrameKind Kind => Error is null || IsSealed ? FrameKind.Reply : FrameKind.Error;
}
