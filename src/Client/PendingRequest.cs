using System.Buffers;
using Init.Wire;

namespace Init.Client;

/// <summary>A request that was sent: collects the frames of its answer.</summary>
/// <remarks>Frames are added by the connection's reading thread alone; the task may be completed by anybody.</remarks>
internal sealed class PendingRequest(AnswerReader reader, IProgress<ProgressEvent>? progress)
{
    private readonly TaskCompletionSource<Reply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> _message = new();
    private FrameKind? _kind;

    public Task<Reply> Answer => _answer.Task;

    /// <summary>Takes a frame; returns whether the answer is complete.</summary>
    /// <exception cref="WireException">The frame does not fit what came before, or the message cannot be read.</exception>
    public bool Add(in Frame frame)
    {
        if (_kind is { } kind && kind != frame.Kind)
        {
            throw new WireException(WireError.Malformed, $"read answer {frame.Id}: a {frame.Kind} inside a {kind}");
        }

        if (_message.WrittenCount + frame.Payload.Length > WireLimits.MaxMessageBytes)
        {
            throw new WireException(WireError.TooLarge, $"read answer {frame.Id}: longer than {WireLimits.MaxMessageBytes} bytes");
        }

        foreach (ReadOnlyMemory<byte> part in frame.Payload)
        {
            _message.Write(part.Span);
        }

        _kind = frame.Kind;
        return !frame.More && Complete(frame.Kind);
    }

    public void Fail(Exception exception) => _answer.TrySetException(exception);

    private bool Complete(FrameKind kind)
    {
        ReadOnlyMemory<byte> message = _message.WrittenMemory;
        try
        {
            switch (kind)
            {
                case FrameKind.Progress:
                    progress?.Report(reader.ReadProgress(message));
                    _message.ResetWrittenCount();
                    _kind = null;
                    return false;
                case FrameKind.Error:
                    throw reader.Refusal(ReplyCodec.DecodeError(message));
                case FrameKind.Reply:
                    _answer.TrySetResult(reader.ReadReply(message));
                    return true;
                default:
                    throw new WireException(WireError.Malformed, $"read answer: a {kind}");
            }
        }
        catch (ClientException failure)
        {
            _answer.TrySetException(failure);
            return true;
        }
    }
}
