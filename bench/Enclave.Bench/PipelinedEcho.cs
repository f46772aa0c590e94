using System.Net.Sockets;

namespace Init.Enclave.Bench;

/// <summary>Sends on one thread and receives on another; with one message under way, on one.</summary>
internal abstract class PipelinedEcho(string name, Socket socket) : IEcho
{
    // What the design allows a write to vsock: src/Linux does the same.
    private const int WriteBytes = 28 * 1024;

    private readonly byte[] _buffer = new byte[2 * 1024 * 1024]; // of which the bytes from _start to _end are received and not looked at
    private byte[][] _messages = [];
    private int _start;
    private int _end;

    public string Name => name;

    /// <summary>What is echoed.</summary>
    protected byte[] Data { get; private set; } = [];

    public virtual void Prepare(byte[] data, int messages)
    {
        Data = data;
        _messages = [.. Enumerable.Range(0, messages).Select(Encode)];
    }

    public Task EchoAsync(int message)
    {
        Send(_messages[message]);
        ReceiveMessage();
        return Task.CompletedTask;
    }

    public async Task RunAsync(int window)
    {
        if (window == 1)
        {
            for (int message = 0; message < _messages.Length; message++)
            {
                await EchoAsync(message).ConfigureAwait(false);
            }

            return;
        }

        using SemaphoreSlim room = new(window);
        Task sending = Task.Factory.StartNew(
            () =>
            {
                foreach (byte[] message in _messages)
                {
                    room.Wait();
                    Send(message);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        foreach (byte[] _ in _messages)
        {
            ReceiveMessage();
            room.Release();
        }

        await sending.ConfigureAwait(false);
    }

    public void Dispose() => socket.Dispose();

    /// <summary>One of the messages, all of which differ where they must.</summary>
    protected abstract byte[] Encode(int message);

    /// <summary>Receives one echo.</summary>
    /// <exception cref="BenchException">It is not what was sent.</exception>
    protected abstract void ReceiveMessage();

    /// <summary>The next bytes, which stay the next ones. Valid until the next call.</summary>
    protected ReadOnlyMemory<byte> Peek(int count)
    {
        if (_buffer.Length - _start < count)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        while (_end - _start < count)
        {
            int received = socket.Receive(_buffer.AsSpan(_end));
            _end += received > 0 ? received : throw new BenchException("echo: the guest closed the connection");
        }

        return _buffer.AsMemory(_start, count);
    }

    /// <summary>Takes the next bytes. Valid until the next call.</summary>
    protected ReadOnlyMemory<byte> Receive(int count)
    {
        ReadOnlyMemory<byte> received = Peek(count);
        _start += count;
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }

        return received;
    }

    private void Send(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            message = message[socket.Send(message[..Math.Min(WriteBytes, message.Length)])..];
        }
    }
}
