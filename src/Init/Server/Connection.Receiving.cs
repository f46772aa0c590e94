using System.IO.Pipelines;
using Init.Linux;

namespace Init.Server;

/// <content>From the socket into the pipe, on the loop's thread.</content>
internal sealed partial class Connection
{
    // Less room than this is not worth a system call: the pipe takes another block.
    private const int LeastRoomBytes = 4 * 1024;

    private async Task ReceiveAsync()
    {
        PipeWriter input = _input.Writer;
        while (await _socket.ReadableAsync().ConfigureAwait(false))
        {
            IoResult result = DescriptorIo.Read(_descriptor, input.GetMemory(LeastRoomBytes).Span);
            input.Advance(result.Count);

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
}
