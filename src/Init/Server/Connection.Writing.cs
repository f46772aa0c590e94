using System.IO.Pipelines;
using Init.Wire;

namespace Init.Server;

/// <content>From answers to frames in the pipe, on the thread pool; an immediate answer's on the loop's thread.</content>
internal sealed partial class Connection
{
    private bool _isWriting; // WriteAnswersAsync runs; while it does not, the outbox is empty
    private TaskCompletionSource? _room; // somebody waits for room in the outbox

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

    // On the thread pool, or on the loop's thread when the answer was immediate: this thread writes what it has made, if nobody else does.
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

            Add(new OutgoingMessage(request.Id, answer.Kind, answer.Body, request));
            if (_isWriting)
            {
                return;
            }

            _isWriting = true;
        }

        _ = GuardAsync(WriteAnswersAsync());
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
        Add(message);
        StartWriting();
    }

    // Under the lock.
    private void Add(OutgoingMessage message)
    {
        _outbox.Add(message);
        _server.Tally.NoteQueued(_outbox.Count);
    }

    // Under the lock. On the pool: whoever has something to send may be the loop or a prover's thread.
    private void StartWriting()
    {
        if (!_isWriting)
        {
            _isWriting = true;
            ThreadPool.UnsafeQueueUserWorkItem(static c => _ = c.GuardAsync(c.WriteAnswersAsync()), this, preferLocal: false);
        }
    }

    private async Task WriteAnswersAsync()
    {
        PipeWriter output = _output.Writer;
        while (true)
        {
            switch (TakeFrame(out OutgoingMessage message, out ReadOnlyMemory<byte> payload))
            {
                case NextStep.Rest:
                    return;
                case NextStep.Close:
                    await output.CompleteAsync().ConfigureAwait(false);
                    return;
            }

            FrameWriter.Write(output, message.Id, message.Kind, !message.IsSent, payload.Span);
            if (message is { IsSent: true, Request: { } answered })
            {
                Forget(answered);
            }

            FlushResult flushed = await output.FlushAsync().ConfigureAwait(false);
            if (flushed.IsCompleted)
            {
                DropAnswers();
                await output.CompleteAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    private NextStep TakeFrame(out OutgoingMessage message, out ReadOnlyMemory<byte> payload)
    {
        lock (_lock)
        {
            bool taken = _outbox.TryTake(out message, out payload);
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

    // The answer is written: its id may be used again, which a client can know only after the flush.
    private void Forget(InFlightRequest request)
    {
        lock (_lock)
        {
            _requests.Remove(request.Id);
            request.Dispose();
            _quietSince = _server.Loop.Now;
            _server.Loop.Expect(NextDeadline().Due);
        }
    }

    // The socket is closed: whoever adds an answer from now on releases it himself.
    private void DropAnswers()
    {
        lock (_lock)
        {
            foreach (InFlightRequest request in _outbox.Clear().Select(m => m.Request).OfType<InFlightRequest>())
            {
                _requests.Remove(request.Id);
                request.Dispose();
            }

            _isWriting = true; // never starts again
        }
    }

    // Under the lock.
    private void LetReaderGoOn()
    {
        _room?.TrySetResult();
        _room = null;
    }

    // A client that asks and does not read is not read either, once it is owed this much.
    private async ValueTask WaitForRoomAsync()
    {
        Task room;
        lock (_lock)
        {
            if (_outbox.Count <= _server.Settings.QueuedAnswers || !IsReading)
            {
                return;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
        }

        await room.ConfigureAwait(false);
    }

    private enum NextStep
    {
        Write,
        Rest,
        Close,
    }
}
