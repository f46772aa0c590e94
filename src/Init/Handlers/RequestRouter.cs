using Init.Linux;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>From a message to its operation's handler, from the handler's reply or exception to an answer.</summary>
internal sealed class RequestRouter : IRequestRouter
{
    /// <summary>A longer reply is written outside of the collector's heap.</summary>
    private const int MaxHeapReplyBytes = 64 * 1024;

    private const byte ArrayOfThree = 0x83;

    // The longest light request is a cancel: array, op, deadline, map, key, id.
    private const int MaxLightBytes = 32;

    // Beyond it, what is not an echo is decoded by the pool's threads, and the bytes of an echo are sent from where they are.
    private const int MaxImmediateBytes = 1024;

    private readonly IRequestHandler[] _handlers = new IRequestHandler[(int)Operation.Echo + 1];
    private readonly SealedRequests _sealedRequests;

    /// <summary>One handler for each operation but the sealed one, which is all of them.</summary>
    public RequestRouter(SealedRequests sealedRequests, params IEnumerable<IRequestHandler> handlers)
    {
        _sealedRequests = sealedRequests;
        foreach (IRequestHandler handler in handlers)
        {
            _handlers[(int)handler.Operation] = handler;
        }
    }

    /// <inheritdoc/>
    public bool IsLight(ReadOnlySpan<byte> message)
    {
        // Deterministic CBOR has one form for the operation: it is the second byte. What else the message is decides its handler.
        return message.Length is >= 2 and <= MaxLightBytes
            && message[0] == ArrayOfThree
            && (Operation)message[1] is Operation.Hello or Operation.Health or Operation.Cancel or Operation.Shutdown;
    }

    /// <inheritdoc/>
    public bool IsImmediate(ReadOnlySpan<byte> message) =>
        message.Length >= 2
        && message[0] == ArrayOfThree
        && (Operation)message[1] switch
        {
            Operation.Hello or Operation.Cancel => message.Length <= MaxImmediateBytes,
            Operation.Echo => message.Length <= MaxImmediateBytes || EchoRequest.TryFindData(message, out _),
            _ => false,
        };

    /// <inheritdoc/>
    public int AnswerAtOnce(ReadOnlySpan<byte> message, Span<byte> reply)
    {
        // An echo can be neither late nor refused: what would be is not found here, and decoded.
        if (!EchoRequest.TryFindData(message, out ReadOnlySpan<byte> data) || reply.Length - EchoReply.MaxStartBytes < data.Length)
        {
            return 0;
        }

        int startBytes = EchoReply.EncodeStart(reply, data.Length);
        data.CopyTo(reply[startBytes..]);
        return startBytes + data.Length;
    }

    /// <inheritdoc/>
    public async ValueTask<Answer> AnswerAsync(Memory<byte> message, IRequestContext context)
    {
        // The request's boundary: nothing that happens beyond it gets any further.
        try
        {
            Request request = RequestCodec.Decode(message);
            SetDeadline(request, context);
            if (request is SealedRequest sealedRequest)
            {
                using OpenedContext opened = _sealedRequests.Open(sealedRequest, message, context);
                return opened.Seal(await AnswerOpenedAsync(opened, sealedRequest.SealedOperation).ConfigureAwait(false));
            }

            _sealedRequests.RequireSealed(request.Operation);
            return await HandleAsync(request, context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return ErrorOf(exception, context);
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> EncodeError(RequestException error) =>
        ReplyCodec.Encode(ErrorReply.Of(error.Code, error.Message, (uint?)error.RetryAfter?.TotalMilliseconds));

    // The same boundary inside: what goes wrong once a request was opened is told to its caller alone.
    private async ValueTask<Answer> AnswerOpenedAsync(OpenedContext opened, Operation announced)
    {
        try
        {
            Request request = RequestCodec.Decode(opened.Message);
            if (request.Operation != announced)
            {
                throw new RequestException(ErrorCode.Malformed, $"open request: {request.Operation} inside, {announced} was announced");
            }

            SetDeadline(request, opened);
            return await HandleAsync(request, opened).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return ErrorOf(exception, opened);
        }
    }

    private async ValueTask<Answer> HandleAsync(Request request, IRequestContext context) =>
        Encode(await _handlers[(int)request.Operation].HandleAsync(request, context).ConfigureAwait(false), isSealed: context is OpenedContext);

    private Answer ErrorOf(Exception exception, IRequestContext context)
    {
        RequestException error = RequestErrors.Of(exception, context.Cause);
        return new Answer(EncodeError(error), error.Code);
    }

    private static void SetDeadline(Request request, IRequestContext context)
    {
        uint allowedMs = request.DeadlineMs == 0 ? WireLimits.DefaultDeadlineOf(request.Operation) : request.DeadlineMs;
        context.EndWithin(TimeSpan.FromMilliseconds(allowedMs));
    }

    // What is sealed is put into one piece first.
    private static Answer Encode(Reply reply, bool isSealed)
    {
        int length = ReplyCodec.Measure(reply);
        if (reply is EchoReply && !isSealed && length > MaxImmediateBytes)
        {
            byte[] start = ReplyCodec.EncodeUpToTail(reply, out ReadOnlyMemory<byte> data);
            return new Answer(data, Start: start, IsOfMessage: true);
        }

        if (length <= MaxHeapReplyBytes)
        {
            byte[] small = new byte[length];
            ReplyCodec.Encode(reply, small);
            return new Answer(small);
        }

        AnonymousMemory large = new(length);
        ReplyCodec.Encode(reply, large.GetSpan());
        return new Answer(large.Memory, Owner: large);
    }
}
