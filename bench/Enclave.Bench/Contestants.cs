using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Init.Client;
using Init.Simulator.Qemu;
using Init.Wire;

namespace Init.Enclave.Bench;

/// <summary>A way to have bytes echoed by a guest. One connection.</summary>
internal interface IEcho : IDisposable
{
    /// <summary>Sends a message as often as said, with as many under way as said, and checks that all of it comes back.</summary>
    Task RunAsync(byte[] data, int messages, int window);
}

/// <summary>Messages behind their length, to the init in C (tests/guest/raw_echo.c).</summary>
internal sealed class RawEcho(Socket socket) : PipelinedEcho(socket)
{
    protected override byte[] Encode(byte[] data)
    {
        byte[] message = new byte[sizeof(uint) + data.Length];
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)data.Length);
        data.CopyTo(message, sizeof(uint));
        return message;
    }

    protected override int ReceiveMessage(byte[] data)
    {
        int length = (int)BinaryPrimitives.ReadUInt32BigEndian(ReceiveExactly(sizeof(uint)));
        return ReceiveExactly(length).SequenceEqual(data) ? length : throw new BenchException("echo: other bytes came back");
    }
}

/// <summary>The protocol's echo, its frames encoded before the clock starts: what the server in the enclave takes, and no client.</summary>
internal sealed class FrameEcho(Socket socket) : PipelinedEcho(socket)
{
    // Ids must differ while requests are under way. One frame has room for this many bytes of data.
    public const int MaxDataBytes = WireLimits.MaxFramePayloadBytes - 16;

    private readonly Dictionary<ulong, ArrayBufferWriter<byte>> _received = [];
    private ulong _id;

    protected override byte[] Encode(byte[] data)
    {
        ArrayBufferWriter<byte> frame = new();
        FrameWriter.Write(frame, ++_id, FrameKind.Request, more: false, RequestCodec.Encode(new EchoRequest(data)));
        return frame.WrittenSpan.ToArray();
    }

    // Frames of several replies come in turn.
    protected override int ReceiveMessage(byte[] data)
    {
        while (true)
        {
            byte[] header = ReceiveExactly(WireLimits.FrameHeaderBytes).ToArray(); // the next call overwrites it
            ReadOnlySequence<byte> buffer = new([.. header, .. ReceiveExactly((int)BinaryPrimitives.ReadUInt32BigEndian(header))]);
            if (!FrameReader.TryRead(ref buffer, out Frame frame) || frame.Kind != FrameKind.Reply)
            {
                throw new BenchException("echo: not a reply");
            }

            if (!_received.TryGetValue(frame.Id, out ArrayBufferWriter<byte>? message))
            {
                _received[frame.Id] = message = new ArrayBufferWriter<byte>();
            }

            message.Write(frame.Payload.ToArray());
            if (!frame.More)
            {
                _received.Remove(frame.Id);
                EchoReply reply = (EchoReply)ReplyCodec.Decode(message.WrittenMemory);
                return reply.Data.Span.SequenceEqual(data) ? data.Length : throw new BenchException("echo: other bytes came back");
            }
        }
    }
}

/// <summary>The protocol's echo through src/Client, as a program on the parent uses it.</summary>
internal sealed class ClientEcho(EnclaveClient client) : IEcho
{
    public async Task RunAsync(byte[] data, int messages, int window)
    {
        Queue<Task<EchoReply>> underWay = [];
        for (int sent = 0; sent < messages || underWay.Count > 0;)
        {
            if (sent < messages && underWay.Count < window)
            {
                underWay.Enqueue(client.EchoAsync(data));
                sent++;
            }
            else if (!(await underWay.Dequeue().ConfigureAwait(false)).Data.Span.SequenceEqual(data))
            {
                throw new BenchException("echo: other bytes came back");
            }
        }
    }

    public void Dispose() => client.Dispose();
}

/// <summary>Sends on one thread and receives on another; with one message under way, on one.</summary>
internal abstract class PipelinedEcho(Socket socket) : IEcho
{
    // What the design allows a write to vsock: src/Linux does the same.
    private const int WriteBytes = 16 * 1024;

    private byte[] _buffer = new byte[64 * 1024];

    public async Task RunAsync(byte[] data, int messages, int window)
    {
        byte[][] encoded = [.. Enumerable.Range(0, messages).Select(_ => Encode(data))];
        if (window == 1)
        {
            foreach (byte[] message in encoded)
            {
                Send(message);
                ReceiveMessage(data);
            }

            return;
        }

        using SemaphoreSlim room = new(window);
        Task sending = Task.Factory.StartNew(
            () =>
            {
                foreach (byte[] message in encoded)
                {
                    room.Wait();
                    Send(message);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (int received = 0; received < messages; received++)
        {
            ReceiveMessage(data);
            room.Release();
        }

        await sending.ConfigureAwait(false);
    }

    public void Dispose() => socket.Dispose();

    protected abstract byte[] Encode(byte[] data);

    /// <summary>Receives one echo.</summary>
    /// <exception cref="BenchException">It is not what was sent.</exception>
    protected abstract int ReceiveMessage(byte[] data);

    /// <summary>Valid until the next call.</summary>
    protected ReadOnlySpan<byte> ReceiveExactly(int count)
    {
        if (_buffer.Length < count)
        {
            _buffer = new byte[count];
        }

        for (int have = 0; have < count;)
        {
            int received = socket.Receive(_buffer.AsSpan(have, count - have));
            have += received > 0 ? received : throw new BenchException("echo: the guest closed the connection");
        }

        return _buffer.AsSpan(0, count);
    }

    private void Send(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            message = message[socket.Send(message[..Math.Min(WriteBytes, message.Length)])..];
        }
    }
}
