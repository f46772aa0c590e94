using System.Buffers;
using System.IO.Pipelines;
using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <content>From the pipe to frames, from frames to messages: where <see cref="ParserScheduler"/> says.</content>
internal sealed partial class Connection
{
    private long _unparsedBytes; // of a frame that is not whole; counted as in flight

    // Under the lock.
    private bool IsReading => _state is not (ConnectionState.Failing or ConnectionState.Closed);

    private async Task ReadRequestsAsync()
    {
        PipeReader input = _input.Reader;
        int missingBytes = 1;
        bool goesOn;
        do
        {
            await WaitForRoomAsync().ConfigureAwait(false);

            // Counted from what was looked at: a large frame comes in dozens of reads, of which few are worth waking somebody.
            ReadResult result = await input.ReadAtLeastAsync(missingBytes).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            long examinedBytes = _unparsedBytes;
            goesOn = TryTakeFrames(ref buffer, out bool wholeFrames) && !(result.IsCompleted && wholeFrames);
            missingBytes = wholeFrames && goesOn ? Math.Min(FrameReader.MissingBytes(buffer), PauseBytes) : 1;

            // What was examined before stays so, unless a frame that ended behind it was taken: .NET 9's pipe throws otherwise.
            bool isAsBefore = buffer.Length == result.Buffer.Length;
            input.AdvanceTo(buffer.Start, wholeFrames ? buffer.End : isAsBefore ? buffer.GetPosition(examinedBytes) : buffer.Start);
        }
        while (goesOn);

        _server.Load.AddBytes(-_unparsedBytes);
        EndInput();
        await input.CompleteAsync().ConfigureAwait(false);
    }

    // wholeFrames: every frame that is all there was taken. False: stopped earlier, since too many answers wait already.
    private bool TryTakeFrames(ref ReadOnlySequence<byte> buffer, out bool wholeFrames)
    {
        wholeFrames = false;
        bool any = false;
        _server.Load.AddBytes(-_unparsedBytes); // counted again below, as a message's or as still unparsed
        _unparsedBytes = 0;
        try
        {
            while (HasRoom())
            {
                if (!FrameReader.TryRead(ref buffer, out Frame frame))
                {
                    wholeFrames = true;
                    break;
                }

                any = true;
                Take(frame);
            }

            NoteUnparsed(buffer.Length, any, wholeFrames);
            return IsStillReading();
        }
        catch (WireException malformed)
        {
            Fail(new RequestException(malformed.Code, malformed.Message), ServerEvent.Malformed);
        }
        catch (RequestException refused)
        {
            Fail(refused, refused.Code == ErrorCode.Busy ? ServerEvent.TurnedAway : ServerEvent.Malformed);
        }

        return false;
    }

    // Throws RequestException when the connection cannot go on.
    private void Take(in Frame frame)
    {
        if (frame.Kind != FrameKind.Request || frame.Id == 0)
        {
            throw new RequestException(ErrorCode.Malformed, $"read frame: kind {frame.Kind} with id {frame.Id} from a client");
        }

        InFlightRequest? request;
        lock (_lock)
        {
            if (!_requests.TryGetValue(frame.Id, out request))
            {
                request = Begin(frame);
            }
            else if (request.Phase == RequestPhase.Receiving)
            {
                Continue(request, frame);
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
                return;
            }
        }

        // Running, and so all of it there, since just now: until it is answered, nobody else touches the message.
        if (_server.Router.IsImmediate(request.Message!.Bytes.Span))
        {
            _ = GuardAsync(AnswerAsync(request));
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static r => _ = r.Connection.GuardAsync(r.Connection.AnswerAsync(r)), request, preferLocal: false);
        }
    }

    private InFlightRequest Begin(in Frame frame)
    {
        InFlightRequest request = new(this, frame.Id, _server) { LastFrameAt = _server.Loop.Now };
        bool isLight = !frame.More && _server.Router.IsLight(frame.Payload);
        RequestException? refusal = Admit(request, isLight);
        _requests.Add(frame.Id, request);
        if (refusal is null)
        {
            refusal = TryAllocate(request, frame);
        }

        if (refusal is null)
        {
            Continue(request, frame);
        }
        else
        {
            RefuseFrame(request, refusal, frame.More);
        }

        return request;
    }

    private RequestException? Admit(InFlightRequest request, bool isLight)
    {
        if (_state != ConnectionState.Open)
        {
            return ServerContext.ShuttingDown();
        }

        int inFlight = _requests.Values.Count(r => r.Phase != RequestPhase.Refused);
        if (inFlight >= _server.Settings.Limits.ConnectionRequests)
        {
            return _server.Busy($"{inFlight} requests of this connection are in flight");
        }

        request.HoldsSlot = !isLight && _server.Load.TryTakeSlot();
        return isLight || request.HoldsSlot ? null : _server.Busy($"{_server.Settings.Limits.Requests} requests are in flight");
    }

    private RequestException? TryAllocate(InFlightRequest request, in Frame frame)
    {
        try
        {
            request.Message = MessageBuffer.For(_server, (int)frame.Payload.Length, frame.More);
            return null;
        }
        catch (LinuxException)
        {
            return _server.Busy("no memory for a message");
        }
    }

    private void Continue(InFlightRequest request, in Frame frame)
    {
        long count = frame.Payload.Length;
        MessageBuffer message = request.Message!;
        RequestException? refusal =
            !message.HasRoomFor(count) ? new RequestException(ErrorCode.TooLarge, $"read message: longer than {WireLimits.MaxMessageBytes} bytes")
            : !_server.Load.TryTakeBytes(count, evenAboveTheCap: !request.HoldsSlot) ? _server.TooManyBytes()
            : null;
        if (refusal is not null)
        {
            RefuseFrame(request, refusal, frame.More);
            return;
        }

        request.Bytes += count;
        message.Append(frame.Payload);
        request.LastFrameAt = _server.Loop.Now;
        if (!frame.More)
        {
            request.Phase = RequestPhase.Running;
            request.Complete();
        }
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
    }

    // Under the lock. The message's other frames are swallowed.
    private void Refuse(InFlightRequest request, RequestException error)
    {
        _server.Tally.Count(error.Code);
        request.Dispose();
        request.Phase = RequestPhase.Refused;
        Send(new OutgoingMessage(request.Id, FrameKind.Error, _server.Router.EncodeError(error), request: null));
    }

    private bool HasRoom()
    {
        lock (_lock)
        {
            return IsReading && _outbox.Count <= _server.Settings.QueuedAnswers;
        }
    }

    private bool IsStillReading()
    {
        lock (_lock)
        {
            return IsReading;
        }
    }

    // The client sends no more, or is not read any more. What is not whole is not success.
    private void EndInput()
    {
        lock (_lock)
        {
            string? cut = _unparsedBytes != 0 ? "frame" : _requests.Values.Any(r => r.Phase == RequestPhase.Receiving) ? "message" : null;
            if (cut is not null && IsReading)
            {
                Fail(new RequestException(ErrorCode.Malformed, $"read {cut}: the stream ended inside of it"), ServerEvent.Malformed);
            }

            _state = _state.After(ConnectionEvent.InputEnded);
            StartWriting();
        }

        _server.Loop.Expect(NextDeadline().Due);
    }
}
