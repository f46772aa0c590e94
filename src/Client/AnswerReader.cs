using System.Runtime.InteropServices;
using Init.Sealing;
using Init.Wire;

namespace Init.Client;

/// <summary>Reads what answers one request.</summary>
internal abstract class AnswerReader(Operation operation) : IDisposable
{
    /// <summary>What was asked for.</summary>
    public Operation Operation { get; } = operation;

    /// <summary>Reads the reply's message.</summary>
    /// <exception cref="WireException">It is none, or one to another question.</exception>
    /// <exception cref="ClientException">Refused, NotAuthentic.</exception>
    public abstract Reply ReadReply(ReadOnlyMemory<byte> message);

    /// <summary>Reads a progress event's message.</summary>
    /// <exception cref="WireException">It is none.</exception>
    /// <exception cref="ClientException">NotAuthentic.</exception>
    public abstract ProgressEvent ReadProgress(ReadOnlyMemory<byte> message);

    /// <summary>An error as an exception.</summary>
    public ClientException Refusal(ErrorReply error) => new(NameOf(Operation), error);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>An operation as people write it.</summary>
    public static string NameOf(Operation operation) => operation.ToString().ToLowerInvariant();

    private protected static Reply ReadReply(ReadOnlyMemory<byte> message, Operation expected)
    {
        Reply reply = ReplyCodec.Decode(message);
        return reply.Operation == expected
            ? reply
            : throw new WireException(WireError.Malformed, $"read answer: {reply.Operation} instead of {expected}");
    }
}

/// <summary>Reads answers that are not sealed.</summary>
internal sealed class PlainAnswerReader(Operation operation) : AnswerReader(operation)
{
    /// <inheritdoc/>
    public override Reply ReadReply(ReadOnlyMemory<byte> message) => ReadReply(message, Operation);

    /// <inheritdoc/>
    public override ProgressEvent ReadProgress(ReadOnlyMemory<byte> message) => ReplyCodec.DecodeProgress(message);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}

/// <summary>Opens the answers to a sealed request.</summary>
/// <param name="operation">Of the request inside.</param>
/// <param name="call">Disposed of with this.</param>
internal sealed class SealedAnswerReader(Operation operation, SealedCall call) : AnswerReader(operation)
{
    private readonly Lock _lock = new(); // the reading thread opens, the calling one disposes
    private bool _isOver;

    /// <inheritdoc/>
    public override Reply ReadReply(ReadOnlyMemory<byte> message)
    {
        SealedReply reply = (SealedReply)ReadReply(message, Operation.Sealed);
        ReadOnlyMemory<byte> opened = Open(reply.Kind, reply.Nonce, reply.Boxes);
        return reply.Kind == FrameKind.Error ? throw new ClientException(NameOf(Operation), ReplyCodec.DecodeError(opened)) { IsAuthentic = true } : ReadReply(opened, Operation);
    }

    /// <inheritdoc/>
    public override ProgressEvent ReadProgress(ReadOnlyMemory<byte> message)
    {
        SealedProgress progress = ReplyCodec.DecodeSealedProgress(message);
        return ReplyCodec.DecodeProgress(Open(FrameKind.Progress, progress.Nonce, progress.Boxes));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            call.Dispose();
        }
    }

    // The message is the connection's own copy of what came: it is opened where it lies.
    private ReadOnlyMemory<byte> Open(FrameKind kind, ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> boxes)
    {
        Memory<byte> own = MemoryMarshal.AsMemory(boxes);
        lock (_lock)
        {
            try
            {
                return _isOver
                    ? throw new ClientException(ClientError.ConnectionLost, $"{NameOf(Operation)}: given up")
                    : own[..call.OpenAnswer(kind, nonce.Span, own.Span)];
            }
            catch (SealingException exception)
            {
                throw new ClientException(ClientError.NotAuthentic, $"{NameOf(Operation)}: {exception.Message}", exception);
            }
        }
    }
}
