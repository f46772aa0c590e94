using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Init.Client;
using Init.Wire;

namespace Init.Enclave.Bench;

/// <summary>A way to have bytes echoed by a guest. One connection.</summary>
internal interface IEcho : IDisposable
{
    /// <summary>Who this is, for people.</summary>
    string Name { get; }

    /// <summary>What can be done before the clock starts: messages are encoded.</summary>
    void Prepare(byte[] data, int messages);

    /// <summary>Sends one of the messages and checks that all of it comes back.</summary>
    Task EchoAsync(int message);

    /// <summary>Does so with all of them, with as many under way as said.</summary>
    Task RunAsync(int window);
}

/// <summary>Messages behind their length, to the init in C (tests/guest/raw_echo.c).</summary>
internal sealed class RawEcho(string name, Socket socket) : PipelinedEcho(name, socket)
{
    protected override byte[] Encode(int message)
    {
        byte[] encoded = new byte[sizeof(uint) + Data.Length];
        BinaryPrimitives.WriteUInt32BigEndian(encoded, (uint)Data.Length);
        Data.CopyTo(encoded, sizeof(uint));
        return encoded;
    }

    protected override void ReceiveMessage()
    {
        int length = (int)BinaryPrimitives.ReadUInt32BigEndian(Receive(sizeof(uint)).Span);
        if (!Receive(length).Span.SequenceEqual(Data))
        {
            throw new BenchException("echo: other bytes came back");
        }
    }
}

/// <summary>The protocol's echo: what the server in the enclave takes, and no client. Frames are checked and compared where they were received.</summary>
internal sealed class FrameEcho(string name, Socket socket) : PipelinedEcho(name, socket)
{
    // Ids must differ while requests are under way. One frame has room for this many bytes of data.
    public const int MaxDataBytes = WireLimits.MaxFramePayloadBytes - 16;

    private readonly Dictionary<ulong, int> _received = [];
    private byte[] _request = [];
    private byte[] _reply = [];

    public override void Prepare(byte[] data, int messages)
    {
        (_request, _reply) = (RequestCodec.Encode(new EchoRequest(data)), ReplyCodec.Encode(new EchoReply(data)));
        base.Prepare(data, messages);
    }

    protected override byte[] Encode(int message)
    {
        ArrayBufferWriter<byte> frame = new();
        FrameWriter.Write(frame, (ulong)message + 1, FrameKind.Request, more: false, _request);
        return frame.WrittenSpan.ToArray();
    }

    // Frames of several replies come in turn.
    protected override void ReceiveMessage()
    {
        while (!ReceiveFrame())
        {
        }
    }

    // True: it was a reply's last.
    private bool ReceiveFrame()
    {
        int length = WireLimits.FrameHeaderBytes + (int)BinaryPrimitives.ReadUInt32BigEndian(Peek(WireLimits.FrameHeaderBytes).Span);
        ReadOnlySequence<byte> buffer = new(Receive(length));
        if (!FrameReader.TryRead(ref buffer, out Frame frame) || frame.Kind != FrameKind.Reply)
        {
            throw new BenchException("echo: not a reply");
        }

        int received = _received.GetValueOrDefault(frame.Id);
        ReadOnlySpan<byte> payload = frame.Payload.FirstSpan; // all of it: the buffer is in one piece
        if (received + payload.Length > _reply.Length || !payload.SequenceEqual(_reply.AsSpan(received, payload.Length)))
        {
            throw new BenchException("echo: other bytes came back");
        }

        received += payload.Length;
        if (frame.More)
        {
            _received[frame.Id] = received;
            return false;
        }

        _received.Remove(frame.Id);
        return received == _reply.Length ? true : throw new BenchException("echo: fewer bytes came back");
    }
}

/// <summary>The protocol's echo through src/Client, as a program on the parent uses it.</summary>
internal sealed class ClientEcho(string name, EnclaveClient client) : IEcho
{
    private byte[] _data = [];
    private int _messages;

    public string Name => name;

    public void Prepare(byte[] data, int messages) => (_data, _messages) = (data, messages);

    public async Task EchoAsync(int message) => Check(await client.EchoAsync(_data).ConfigureAwait(false));

    public async Task RunAsync(int window)
    {
        Queue<Task<EchoReply>> underWay = [];
        for (int sent = 0; sent < _messages || underWay.Count > 0;)
        {
            if (sent < _messages && underWay.Count < window)
            {
                underWay.Enqueue(client.EchoAsync(_data));
                sent++;
            }
            else
            {
                Check(await underWay.Dequeue().ConfigureAwait(false));
            }
        }
    }

    public void Dispose() => client.Dispose();

    private void Check(EchoReply reply)
    {
        if (!reply.Data.Span.SequenceEqual(_data))
        {
            throw new BenchException("echo: other bytes came back");
        }
    }
}
