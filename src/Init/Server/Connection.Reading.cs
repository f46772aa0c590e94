using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <content>From frames to messages, on the loop's thread.</content>
internal sealed partial class Connection
{
    // An immediate request of at most so many bytes is answered where it was received; the answer has none of them.
    private const int MaxUnownedBytes = 1024;

    // Throws RequestException when the connection cannot go on. True: the memory that the frame was received into is its message's now.
    private bool Take(in FramePlace frame, int from)
    {
        if (frame.Kind != FrameKind.Request || frame.Id == 0)
        {
            throw new RequestException(ErrorCode.Malformed, $"read frame: kind {frame.Kind} with id {frame.Id} from a client");
        }

        Memory<byte> payload = _input.Bytes.Slice(from + frame.PayloadStart, frame.PayloadBytes);
        InFlightRequest? request;
        bool isDetached = false;
        bool isImmediate = false;
        lock (_lock)
        {
            if (!_requests.TryGetValue(frame.Id, out request))
            {
                isImmediate = !frame.More && _server.Router.IsImmediate(payload.Span);
                request = Begin(frame, payload, isImmediate, ref isDetached);
            }
            else if (request.Phase == RequestPhase.Receiving)
            {
                Continue(request, frame, payload);
            }
            else if (request.Phase != RequestPhase.Refused)
            {
                throw new RequestException(ErrorCode.Malformed, $"read frame: request {frame.Id} is not answered yet");
            }
            else
            {
                Swallow(request, frame.More);
            }

            if (request.Phase != RequestPhase.Running)
            {
                return isDetached;
            }
        }

        // Running, and so all of it there, since just now: until it is answered, nobody else touches the message.
        Answer(request, payload, isImmediate);
        return isDetached;
    }

    // An immediate request that is short stays where it was received: it is answered, and the answer made, before that is used again.
    private InFlightRequest Begin(in FramePlace frame, ReadOnlyMemory<byte> payload, bool isImmediate, ref bool isDetached)
    {
        InFlightRequest request = new(this, frame.Id, _server) { LastFrameAt = _server.Loop.Now };
        bool isLight = !frame.More && _server.Router.IsLight(payload.Span);
        RequestException? refusal = Admit(request, isLight);
        _requests.Add(frame.Id, request);
        if (refusal is null && !(isImmediate && payload.Length <= MaxUnownedBytes))
        {
            refusal = TryAllocate(request, frame, out isDetached);
        }

        if (refusal is not null)
        {
            RefuseFrame(request, refusal, frame.More);
        }
        else if (TryCount(request, frame))
        {
            if (!isDetached)
            {
                request.Message?.Append(payload.Span);
            }

            Advance(request, frame.More);
        }

        return request;
    }

    private RequestException? Admit(InFlightRequest request, bool isLight)
    {
        if (_state != ConnectionState.Open)
        {
            return ServerContext.ShuttingDown();
        }

        int inFlight = 0;
        foreach ((ulong _, InFlightRequest other) in _requests)
        {
            inFlight += other.Phase != RequestPhase.Refused ? 1 : 0;
        }

        if (inFlight >= _server.Settings.Limits.ConnectionRequests)
        {
            return _server.Busy($"{inFlight} requests of this connection are in flight");
        }

        request.HoldsSlot = !isLight && _server.Load.TryTakeSlot();
        return isLight || request.HoldsSlot ? null : _server.Busy($"{_server.Settings.Limits.Requests} requests are in flight");
    }

    private RequestException? TryAllocate(InFlightRequest request, in FramePlace frame, out bool isDetached)
    {
        isDetached = false;
        try
        {
            request.Message = frame.More ? null : _input.TryDetach(frame);
            isDetached = request.Message is not null;
            request.Message ??= MessageBuffer.For(_server, frame.PayloadBytes, frame.More);
            return null;
        }
        catch (LinuxException)
        {
            return _server.Busy("no memory for a message");
        }
    }

    private void Continue(InFlightRequest request, in FramePlace frame, ReadOnlyMemory<byte> payload)
    {
        if (TryCount(request, frame))
        {
            request.Message!.Append(payload.Span);
            Advance(request, frame.More);
        }
    }

    // False: the message is refused. Counted before a byte is kept.
    private bool TryCount(InFlightRequest request, in FramePlace frame)
    {
        long count = frame.PayloadBytes;
        RequestException? refusal =
            request.Bytes + count > _server.Settings.Limits.MessageBytes
                ? new RequestException(ErrorCode.TooLarge, $"read message: longer than {_server.Settings.Limits.MessageBytes} bytes")
            : !_server.Load.TryTakeBytes(count, evenAboveTheCap: !request.HoldsSlot) ? _server.TooManyBytes()
            : null;
        if (refusal is not null)
        {
            RefuseFrame(request, refusal, frame.More);
            return false;
        }

        request.Bytes += count;
        return true;
    }

    private void Advance(InFlightRequest request, bool more)
    {
        request.LastFrameAt = _server.Loop.Now;
        if (more)
        {
            _server.Loop.Expect(request.LastFrameAt + _server.Settings.UnfinishedMessage);
        }
        else
        {
            request.Phase = RequestPhase.Running;
            request.Complete();
        }
    }

    private void Answer(InFlightRequest request, Memory<byte> payload, bool isImmediate)
    {
        if (!isImmediate)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static r => _ = r.Connection.GuardAsync(r.Connection.AnswerAsync(r)), request, preferLocal: false);
            return;
        }

        Answer? answer = null;
        try
        {
            ValueTask<Answer> answering = _server.Router.AnswerAsync(request.Message?.Bytes ?? payload, request);
            answer = answering.IsCompletedSuccessfully
                ? answering.Result
                : throw new InvalidOperationException("an immediate request was not answered at once");
        }
        finally
        {
            if (answer is null)
            {
                Abandon(request);
            }
        }

        Finish(request, answer.Value);
    }

    private async Task AnswerAsync(InFlightRequest request)
    {
        Answer? answer = null;
        try
        {
            answer = await _server.Router.AnswerAsync(request.Message!.Bytes, request).ConfigureAwait(false);
        }
        finally
        {
            if (answer is null)
            {
                Abandon(request); // the router has a fault: what the request holds must not stay
            }
        }

        Finish(request, answer.Value);
    }

    private void RefuseFrame(InFlightRequest request, RequestException error, bool more)
    {
        Refuse(request, error);
        Swallow(request, more);
        if (_requests.Values.Count(r => r.Phase == RequestPhase.Refused) > _server.Settings.SwallowedMessages)
        {
            throw new RequestException(ErrorCode.Malformed, $"read frame: more than {_server.Settings.SwallowedMessages} refused messages go on");
        }
    }

    private void Swallow(InFlightRequest request, bool more)
    {
        request.LastFrameAt = _server.Loop.Now;
        if (!more)
        {
            _requests.Remove(request.Id);
        }

        _server.Loop.Expect(NextDeadline().Due);
    }

    // Under the lock. The message's other frames are swallowed.
    private void Refuse(InFlightRequest request, RequestException error)
    {
        _server.Tally.Count(error.Code);
        request.Dispose();
        request.Phase = RequestPhase.Refused;
        Send(new OutgoingMessage(request.Id, FrameKind.Error, _server.Router.EncodeError(error), request: null));
    }
}
