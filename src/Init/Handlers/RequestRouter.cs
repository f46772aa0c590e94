using System.Buffers;
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

    // Longer echoes are copied by the pool's threads.
    private const int MaxImmediateBytes = 1024;

    private readonly IRequestHandler[] _handlers = new IRequestHandler[(int)Operation.Echo + 1];

    /// <summary>One handler for each operation.</summary>
    public RequestRouter(params IEnumerable<IRequestHandler> handlers)
    {
        foreach (IRequestHandler handler in handlers)
        {
            _handlers[(int)handler.Operation] = handler;
        }
    }

    /// <inheritdoc/>
    public bool IsLight(in ReadOnlySequence<byte> message)
    {
        if (message.Length is < 2 or > MaxLightBytes)
        {
            return false;
        }

        // Deterministic CBOR has one form for the operation: it is the second byte. What else the message is decides its handler.
        Span<byte> start = stackalloc byte[2];
        message.Slice(0, 2).CopyTo(start);
        return start[0] == ArrayOfThree
            && (Operation)start[1] is Operation.Hello or Operation.Health or Operation.Cancel or Operation.Shutdown;
    }

    /// <inheritdoc/>
    public bool IsImmediate(ReadOnlySpan<byte> message) =>
        message.Length is >= 2 and <= MaxImmediateBytes
        && message[0] == ArrayOfThree
        && (Operation)message[1] is Operation.Hello or Operation.Cancel or Operation.Echo;

    /// <inheritdoc/>
    public async ValueTask<Answer> AnswerAsync(ReadOnlyMemory<byte> message, IRequestContext context)
    {
        // The request's boundary: nothing that happens beyond it gets any further.
        try
        {
            Request request = RequestCodec.Decode(message);
            uint allowedMs = request.DeadlineMs == 0 ? WireLimits.DefaultDeadlineOf(request.Operation) : request.DeadlineMs;
            context.EndWithin(TimeSpan.FromMilliseconds(allowedMs));
            return Encode(await _handlers[(int)request.Operation].HandleAsync(request, context).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            RequestException error = RequestErrors.Of(exception, context.Cause);
            return new Answer(EncodeError(error), error.Code);
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> EncodeError(RequestException error) =>
        ReplyCodec.Encode(ErrorReply.Of(error.Code, error.Message, (uint?)error.RetryAfter?.TotalMilliseconds));

    private static Answer Encode(Reply reply)
    {
        int length = ReplyCodec.Measure(reply);
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
