using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Init.Linux;
using Init.Sealing;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>A sealed request that was opened: what leaves it is sealed for its caller.</summary>
/// <remarks>Progress comes from any thread, and may come late: once the secret is erased nothing is sealed with it.</remarks>
/// <param name="request">Disposed of with this.</param>
/// <param name="message">The request that was inside, encoded.</param>
/// <param name="context">The sealed request's.</param>
internal sealed class OpenedContext(OpenedRequest request, ReadOnlyMemory<byte> message, IRequestContext context) : IRequestContext, IDisposable
{
    // A longer answer is sealed outside of the collector's heap.
    private const int MaxHeapAnswerBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private bool _isOver;

    /// <summary>The request that was inside, encoded.</summary>
    public ReadOnlyMemory<byte> Message => message;

    /// <inheritdoc/>
    public CancellationToken Cancellation => context.Cancellation;

    /// <inheritdoc/>
    public CancelCause Cause => context.Cause;

    /// <inheritdoc/>
    public void EndWithin(TimeSpan allowed) => context.EndWithin(allowed);

    /// <inheritdoc/>
    public bool Cancel(ulong id) => context.Cancel(id);

    /// <inheritdoc/>
    public void Report(ReadOnlyMemory<byte> body)
    {
        byte[] nonce = new byte[OpenedRequest.AnswerNonceBytes];
        byte[] boxes = new byte[SealedLayout.SealedBytes(body.Length)];
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            request.SealAnswer(FrameKind.Progress, body.Span, nonce, boxes);
        }

        context.Report(ReplyCodec.Encode(new SealedProgress(nonce, boxes)));
    }

    /// <summary>Seals the answer, and gives back what held it.</summary>
    /// <exception cref="RequestException">TooLarge: with its boxes it is longer than a message.</exception>
    /// <exception cref="LinuxException">ENOMEM.</exception>
    public Answer Seal(in Answer answer)
    {
        using IDisposable? plain = answer.Owner;
        try
        {
            return SealBody(answer);
        }
        finally
        {
            // Made for this answer alone, and all of it in one piece: nobody else has it.
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(answer.Body).Span);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            request.Dispose();
        }
    }

    private Answer SealBody(in Answer answer)
    {
        int boxesBytes = SealedLayout.SealedBytes(answer.Body.Length);
        int headBytes = ReplyCodec.MeasureSealedHead(boxesBytes);
        int messageBytes = headBytes + boxesBytes;
        if (messageBytes > WireLimits.MaxMessageBytes)
        {
            throw new RequestException(ErrorCode.TooLarge, $"seal answer: {messageBytes} bytes, limit {WireLimits.MaxMessageBytes}");
        }

        AnonymousMemory? large = messageBytes > MaxHeapAnswerBytes ? new AnonymousMemory(messageBytes) : null;
        Memory<byte> message = large?.Memory ?? new byte[messageBytes];
        Span<byte> nonce = stackalloc byte[OpenedRequest.AnswerNonceBytes];
        request.SealAnswer(answer.Kind, answer.Body.Span, nonce, message.Span[headBytes..]);
        ReplyCodec.EncodeSealedHead(answer.Kind, nonce, boxesBytes, message.Span[..headBytes]);
        return new Answer(message, answer.Error, large, IsSealed: true);
    }
}
