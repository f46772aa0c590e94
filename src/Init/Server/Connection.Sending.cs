using System.Buffers;
using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <content>
/// From answers to frames in the socket, on the loop's thread. Short frames are put together in a block, so that one write takes several;
/// the bytes of a long one go into the socket from where the handler put them.
/// </content>
internal sealed partial class Connection
{
    // Writes in a row before the other sockets have their turn: 252 KiB.
    private const int WritesInARow = 9;

    private readonly ReadySignal _answers = new();
    private readonly ReadySignal _turn = new();
    private IMemoryOwner<byte>? _block; // while there is something to send
    private ReadOnlyMemory<byte> _staged; // of the block, not written yet
    private ReadOnlyMemory<byte> _payload; // what follows it, not written yet
    private InFlightRequest? _answered; // done with when the payload is written
    private bool _isLastStaged;

    private async Task SendAsync()
    {
        try
        {
            for (int writes = 1; await StageAsync().ConfigureAwait(false); writes++)
            {
                IoResult written = _staged.IsEmpty
                    ? DescriptorIo.Write(_descriptor, _payload.Span)
                    : DescriptorIo.Write(_descriptor, _staged.Span, _payload.Span);
                Advance(written.Count);
                if (!await MayGoOnAsync(written).ConfigureAwait(false))
                {
                    break;
                }

                if (writes % WritesInARow == 0)
                {
                    await TakeTurnsAsync().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            End();
            DropAnswers();
            GiveBlockBack();
        }
    }

    // Waits until there is something to write. False: there will be nothing any more.
    private async ValueTask<bool> StageAsync()
    {
        while (_staged.IsEmpty && _payload.IsEmpty && !_isLastStaged)
        {
            StageFrames();
            if (_staged.IsEmpty && !_isLastStaged)
            {
                GiveBlockBack();
                if (!await _answers.WaitAsync().ConfigureAwait(false))
                {
                    return false;
                }
            }
        }

        return _state != ConnectionState.Closed && !(_staged.IsEmpty && _payload.IsEmpty);
    }

    // As many frames as the block has room for, and of the last one perhaps no more than what stands before its payload.
    private void StageFrames()
    {
        int used = 0;
        while (_payload.IsEmpty && ClearingMemoryPool.SmallBlockBytes - used >= FrameWriter.MaxHeaderBytes + OutgoingMessage.MaxStartBytes)
        {
            NextStep step = TakeFrame(out OutgoingFrame frame);
            if (step != NextStep.Write)
            {
                _isLastStaged = step == NextStep.Close;
                break;
            }

            _block ??= _server.Pool.Rent(ClearingMemoryPool.SmallBlockBytes);
            Span<byte> room = _block.Memory.Span[used..];
            int headerBytes = WriteHeader(room, frame);
            used += headerBytes;
            if (frame.Rest.Length > room.Length - headerBytes)
            {
                (_payload, _answered) = (frame.Rest, frame.Answered);
                break;
            }

            frame.Rest.Span.CopyTo(room[headerBytes..]);
            used += frame.Rest.Length;
            Forget(frame.Answered);
        }

        _staged = _block is null ? default : _block.Memory[..used];
    }

    private static int WriteHeader(Span<byte> room, in OutgoingFrame frame) => frame.Known is { } known
        ? FrameWriter.WriteHeader(room, frame.Message.Id, frame.Message.Kind, frame.More, frame.Start.Span, known)
        : FrameWriter.WriteHeader(room, frame.Message.Id, frame.Message.Kind, frame.More, frame.Start.Span, frame.Rest.Span);

    private void Advance(int written)
    {
        int ofStaged = Math.Min(written, _staged.Length);
        _staged = _staged[ofStaged..];
        _payload = _payload[(written - ofStaged)..];
        if (_staged.IsEmpty && _payload.IsEmpty)
        {
            Forget(_answered);
            (_payload, _answered) = (default, null); // an empty slice of memory that is given back is not to be asked for its span
        }
    }

    private void GiveBlockBack()
    {
        _staged = default;
        _block?.Dispose();
        _block = null;
    }

    private ValueTask<bool> MayGoOnAsync(IoResult written)
    {
        switch (written.Status)
        {
            case IoStatus.Done:
                NoteStall(null);
                return new ValueTask<bool>(true);
            case IoStatus.WouldBlock:
                NoteStall(_stalledSince ?? _server.Loop.Now);
                return _socket.WritableAsync();
            default:
                return new ValueTask<bool>(false);
        }
    }

    private ValueTask<bool> TakeTurnsAsync()
    {
        ValueTask<bool> turn = _turn.WaitAsync();
        _server.Loop.Schedule(static c => ((Connection)c!)._turn.Signal(), this);
        return turn;
    }

    private void NoteStall(TimeSpan? since)
    {
        if (_stalledSince == since)
        {
            return;
        }

        _stalledSince = since;
        _server.Loop.Expect(NextDeadline().Due);
    }
}
