using Init.Wire;

namespace Init.Server;

/// <content>Answers on their way to the sockets' thread.</content>
internal sealed partial class Connection
{
    private bool _isWriting; // SendAsync is at it, or was told; while it is not, the outbox is empty

    /// <summary>Sends a progress event of a request. Any thread.</summary>
    public void Report(InFlightRequest request, ReadOnlyMemory<byte> body)
    {
        lock (_lock)
        {
            if (request.Phase != RequestPhase.Running || !IsKnown(request))
            {
                return;
            }

            if (request.Progress is { IsSent: false } waiting)
            {
                waiting.Unsent = body; // an event is one frame: it waits whole, or is gone
                return;
            }

            request.Progress = new OutgoingMessage(request.Id, FrameKind.Progress, body, request: null);
            Send(request.Progress);
        }
    }

    // On the thread pool, or on the loop's thread when the answer was immediate.
    private void Finish(InFlightRequest request, in Answer answer)
    {
        lock (_lock)
        {
            _server.Tally.Count(answer.Error);
            request.BecomeAnswer(answer);
            if (!IsKnown(request))
            {
                request.Dispose(); // the connection has failed or is closed
                return;
            }

            Send(new OutgoingMessage(request.Id, answer.Kind, answer.Body, request) { Start = answer.Start, Known = request.KnownBody });
        }
    }

    private void Abandon(InFlightRequest request)
    {
        lock (_lock)
        {
            if (IsKnown(request))
            {
                _requests.Remove(request.Id);
            }

            request.Dispose();
        }
    }

    // Under the lock.
    private bool IsKnown(InFlightRequest request) => _requests.TryGetValue(request.Id, out InFlightRequest? known) && known == request;

    // Under the lock.
    private void Send(OutgoingMessage message)
    {
        _outbox.Add(message);
        _server.Tally.NoteQueued(_outbox.Count);
        StartWriting();
    }

    // Under the lock. Never at once, even on the loop's thread: what else is answered by then goes with it.
    private void StartWriting()
    {
        if (!_isWriting)
        {
            _isWriting = true;
            _server.Loop.Schedule(static c => ((Connection)c!)._answers.Signal(), this);
        }
    }

    private NextStep TakeFrame(out OutgoingFrame frame)
    {
        lock (_lock)
        {
            bool taken = _outbox.TryTake(out frame);
            if (_outbox.Count <= _server.Settings.QueuedAnswers / 2)
            {
                LetReaderGoOn();
            }

            if (taken)
            {
                return NextStep.Write;
            }

            // Once it closes, writing never starts again.
            bool closes = _state.ClosesWhenAnswered() && _requests.Values.All(r => r.Phase == RequestPhase.Refused);
            _isWriting = closes;
            return closes ? NextStep.Close : NextStep.Rest;
        }
    }

    // The answer is written, or copied to be: its id may be used again, which a client can know only when it has read it.
    private void Forget(InFlightRequest? request)
    {
        if (request is null)
        {
            return;
        }

        lock (_lock)
        {
            _requests.Remove(request.Id);
            request.Dispose();
            _quietSince = _server.Loop.Now;
            if (_requests.Count == 0)
            {
                _server.Loop.Expect(_quietSince + _server.Settings.Idle);
            }
        }
    }

    // The socket is closed: whoever adds an answer from now on releases it himself.
    private void DropAnswers()
    {
        _payload = default;
        lock (_lock)
        {
            foreach (InFlightRequest request in _outbox.Clear().Select(m => m.Request).Append(_answered).OfType<InFlightRequest>())
            {
                _requests.Remove(request.Id);
                request.Dispose();
            }

            _isWriting = true; // never starts again
        }
    }

    // Not at once: the reader would go on inside of whatever made room.
    private void LetReaderGoOn()
    {
        if (_room.IsAwaited)
        {
            _server.Loop.Schedule(static c => ((Connection)c!)._room.Signal(), this);
        }
    }

    private enum NextStep
    {
        Write,
        Rest,
        Close,
    }
}
