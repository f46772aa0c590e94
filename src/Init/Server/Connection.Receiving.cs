using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <content>From the socket to frames, on the loop's thread.</content>
internal sealed partial class Connection
{
    // Reads that filled their room follow each other up to here, before the other sockets have their turn.
    private const int TurnBytes = 256 * 1024;

    private readonly InputBuffer _input;
    private readonly ReadySignal _room = new(); // somebody waits for room in the outbox
    private long _unparsedBytes; // of a frame that is not whole; counted as in flight

    private bool IsReading => _state is not (ConnectionState.Failing or ConnectionState.Closed);

    // Others add to the outbox, the loop's thread alone takes from it: what it sees here may be too few by a moment's answers.
    private bool HasRoom => _outbox.Count <= _server.Settings.QueuedAnswers;

    private async Task ReceiveAsync()
    {
        bool isInsideFrame;
        try
        {
            bool goesOn = true;
            for (int turnBytes = 0; goesOn && IsReading;)
            {
                if (!HasRoom)
                {
                    // A client that asks and does not read is not read either, once it is owed this much.
                    await _room.WaitAsync().ConfigureAwait(false);
                    goesOn = TryTakeFrames();
                }
                else if ((turnBytes is > 0 and < TurnBytes) || await _socket.ReadableAsync().ConfigureAwait(false))
                {
                    goesOn = TryReceive(ref turnBytes);
                }
                else
                {
                    break;
                }
            }
        }
        finally
        {
            isInsideFrame = _unparsedBytes != 0;
            CountUnparsed(0);
            _input.Drop();
        }

        EndInput(isInsideFrame);
    }

    // False: nothing is read any more.
    private bool TryReceive(ref int turnBytes)
    {
        Span<byte> room = _input.Room();
        IoResult result = DescriptorIo.Read(_descriptor, room);
        turnBytes = result.Count < room.Length ? 0 : turnBytes < TurnBytes ? turnBytes + result.Count : result.Count;
        switch (result.Status)
        {
            case IoStatus.Done:
                _input.Advance(result.Count);
                return TryTakeFrames();
            case IoStatus.WouldBlock:
                return true;
            case IoStatus.EndOfStream:
                EndIfVanished();
                return false;
            default:
                End();
                return false;
        }
    }

    private bool TryTakeFrames()
    {
        bool goesOn;
        try
        {
            goesOn = TryTakeWholeFrames();
        }
        finally
        {
            WritePromptAnswers();
        }

        return goesOn && IsReading;
    }

    // Takes every frame that is all there, unless too many answers wait.
    private bool TryTakeWholeFrames()
    {
        int taken = 0;
        CountUnparsed(0); // counted again below, as a message's or as still unparsed
        try
        {
            bool wholeFrames = false;
            while (IsReading && HasRoom && !(wholeFrames = !_input.TryRead(taken, out FramePlace frame)))
            {
                int end = taken + frame.End;
                bool isKept = !TryAnswerPromptly(frame, taken) && Take(frame, taken);
                taken = isKept ? 0 : end;
            }

            int left = _input.Bytes.Length - taken;
            _input.KeepFrom(taken);
            NoteUnparsed(left, anyFrame: taken > 0 || left == 0, wholeFrames);
            return true;
        }
        catch (WireException malformed)
        {
            Fail(new RequestException(malformed.Code, malformed.Message), ServerEvent.Malformed);
        }
        catch (RequestException refused)
        {
            Fail(refused, refused.Code == ErrorCode.Busy ? ServerEvent.TurnedAway : ServerEvent.Malformed);
        }
        catch (LinuxException)
        {
            Fail(_server.Busy("no memory for a frame"), ServerEvent.TurnedAway);
        }

        return false;
    }

    // The client sends no more, or is not read any more. What is not whole is not success.
    private void EndInput(bool isInsideFrame)
    {
        lock (_lock)
        {
            string? cut = isInsideFrame ? "frame" : _requests.Values.Any(r => r.Phase == RequestPhase.Receiving) ? "message" : null;
            if (cut is not null && IsReading)
            {
                Fail(new RequestException(ErrorCode.Malformed, $"read {cut}: the stream ended inside of it"), ServerEvent.Malformed);
            }

            _state = _state.After(ConnectionEvent.InputEnded);
            StartWriting();
        }

        _server.Loop.Expect(NextDeadline().Due);
    }

    private void EndIfVanished()
    {
        if (_state != ConnectionState.Closed && DescriptorIo.IsPeerGone(_descriptor))
        {
            End();
        }
    }
}
