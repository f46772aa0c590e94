using System.IO.Pipelines;
using Init.Linux;

namespace Init.Server;

/// <content>From the socket into the pipe, on the loop's thread.</content>
internal sealed partial class Connection
{
    // Less room than this is not worth a system call: the pipe takes another block, a small one unless the last read filled its room.
    private const int LeastRoomBytes = 1024;

    // As much is parsed on the loop's thread; beyond it, another thread is woken, so that no client's bytes keep the others' waiting.
    private const int ParsedHereBytes = 2 * 1024;

    // A read that filled its room is followed by others, so many, before the other sockets have their turn.
    private const int ReadsInARow = 4;

    private int _justReceivedBytes;

    private async Task ReceiveAsync()
    {
        PipeWriter input = _input.Writer;
        int roomBytes = LeastRoomBytes;
        int fullReads = 0;
        while ((fullReads % ReadsInARow != 0 && _state != ConnectionState.Closed) || await _socket.ReadableAsync().ConfigureAwait(false))
        {
            Memory<byte> room = input.GetMemory(roomBytes);
            IoResult result = DescriptorIo.Read(_descriptor, room.Span);
            input.Advance(result.Count);
            (roomBytes, fullReads) = result.Count == room.Length ? (ClearingMemoryPool.BlockBytes, fullReads + 1) : (LeastRoomBytes, 0);
            _justReceivedBytes = result.Count;

            // Waits while the pipe is full; gives the block back when nothing was read.
            FlushResult flushed = await input.FlushAsync().ConfigureAwait(false);
            if (flushed.IsCompleted || result.Status == IoStatus.EndOfStream)
            {
                break;
            }

            if (result.Status is not (IoStatus.Done or IoStatus.WouldBlock))
            {
                End();
            }
        }

        EndIfVanished();
        await input.CompleteAsync().ConfigureAwait(false);
    }

    private void EndIfVanished()
    {
        if (_state != ConnectionState.Closed && DescriptorIo.IsPeerGone(_descriptor))
        {
            End();
        }
    }

    /// <summary>Where the parser goes on when bytes have come. Called on the loop's thread, while the parser waits.</summary>
    private sealed class ParserScheduler(Connection connection) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state)
        {
            if (connection._unparsedBytes + connection._justReceivedBytes <= ParsedHereBytes)
            {
                action(state);
            }
            else
            {
                PipeScheduler.ThreadPool.Schedule(action, state);
            }
        }
    }
}
