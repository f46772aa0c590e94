using System.Buffers;
using System.IO.Pipelines;
using Init.Linux;

namespace Init.Server;

/// <content>From the pipe into the socket, on the loop's thread.</content>
internal sealed partial class Connection
{
    // Writes in a row before the other sockets have their turn: 256 KiB.
    private const int WritesInARow = 16;

    private readonly ReadySignal _turn = new();

    private async Task SendAsync()
    {
        PipeReader output = _output.Reader;
        for (int writes = 1; ; writes++)
        {
            ReadResult result = await output.ReadAsync().ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (result.IsCanceled || buffer.IsEmpty)
            {
                break; // the socket is closed, or all is sent
            }

            IoResult written = DescriptorIo.Write(_descriptor, FirstBytes(buffer));
            output.AdvanceTo(buffer.GetPosition(written.Count));
            if (!await MayGoOnAsync(written).ConfigureAwait(false))
            {
                break;
            }

            if (writes % WritesInARow == 0)
            {
                await TakeTurnsAsync().ConfigureAwait(false);
            }
        }

        End();
        await output.CompleteAsync().ConfigureAwait(false);
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

        lock (_lock)
        {
            _stalledSince = since;
        }

        _server.Loop.Expect(NextDeadline().Due);
    }

    // A pipe's first segment can be used up.
    private static ReadOnlySpan<byte> FirstBytes(in ReadOnlySequence<byte> buffer)
    {
        foreach (ReadOnlyMemory<byte> segment in buffer)
        {
            if (!segment.IsEmpty)
            {
                return segment.Span;
            }
        }

        return default;
    }
}
