using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <content>Short requests that are answered where they are read, on the loop's thread.</content>
internal sealed partial class Connection
{
    // True: the request is answered and leaves nothing behind. Only while nothing else of this connection is in flight or waits to be written, and
    // while the caps have room: whatever is to be refused takes the ordinary way.
    private bool TryAnswerPromptly(in FramePlace frame, int from)
    {
        bool isAnswered = frame is { Kind: FrameKind.Request, Id: not 0, More: false, PayloadBytes: <= PromptAnswers.MaxMessageBytes }
            && IsAtRest()
            && _server.Load.HasRoomFor(frame.PayloadBytes)
            && _server.Prompt.TryAdd(frame.Id, _input.Bytes.Span.Slice(from + frame.PayloadStart, frame.PayloadBytes));
        if (isAnswered)
        {
            _server.Tally.Count(code: null);
        }

        return isAnswered;
    }

    private bool IsAtRest()
    {
        lock (_lock)
        {
            return _state == ConnectionState.Open && !_isWriting && _requests.Count == 0;
        }
    }

    // What the socket does not take now is SendAsync's, which rests: nothing waited when these answers were made.
    private void WritePromptAnswers()
    {
        PromptAnswers prompt = _server.Prompt;
        if (prompt.Frames.IsEmpty)
        {
            return;
        }

        try
        {
            IoResult written = DescriptorIo.Write(_descriptor, prompt.Frames);
            if (written.Status is not (IoStatus.Done or IoStatus.WouldBlock))
            {
                End();
            }
            else if (written.Count < prompt.Frames.Length)
            {
                Stage(prompt.Frames[written.Count..]);
            }
        }
        finally
        {
            prompt.Clear(); // the next connection's turn begins with none
        }
    }

    private void Stage(ReadOnlySpan<byte> frames)
    {
        _block = _server.Pool.Rent(ClearingMemoryPool.SmallBlockBytes);
        frames.CopyTo(_block.Memory.Span);
        _staged = _block.Memory[..frames.Length];
        lock (_lock)
        {
            StartWriting();
        }
    }
}
