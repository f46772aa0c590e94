using System.Buffers;
using Init.Linux;
using Init.Testing;
using Init.Wire;

namespace Init.Client.Tests;

/// <summary>The other end of a client's connection, played by the test: reads requests, answers what it is told to.</summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static int _count;

    private readonly KernelDescriptor _listener;
    private readonly byte[] _received = new byte[4 << 20];
    private int _length;
    private IDescriptor? _connection;

    public Peer()
    {
        // A short name: a Unix socket's path has 107 bytes at most, and the checkout's takes its part.
        string path = Path.Combine(Places.Scratch($"c{Interlocked.Increment(ref _count)}"), "s");
        _listener = UnixSocket.Listen(path, 4);
        Address = EnclaveAddress.Parse("unix:" + path);
    }

    public EnclaveAddress Address { get; }

    private IDescriptor Connection => _connection ??= Accept();

    /// <summary>The next whole request, with its id.</summary>
    public (ulong Id, Request Request) ReadRequest()
    {
        ArrayBufferWriter<byte> message = new();
        while (true)
        {
            ReceivedFrame frame = ReadFrame();
            message.Write(frame.Payload);

            if (!frame.More)
            {
                return (frame.Id, RequestCodec.Decode(message.WrittenMemory));
            }
        }
    }

    /// <summary>The next frame, its payload copied.</summary>
    public ReceivedFrame ReadFrame()
    {
        while (true)
        {
            ReadOnlySequence<byte> buffer = new(_received, 0, _length);
            if (FrameReader.TryRead(ref buffer, out Frame frame))
            {
                ReceivedFrame received = new(frame.Id, frame.More, frame.Payload.ToArray());
                int left = (int)buffer.Length;
                _received.AsSpan(_length - left, left).CopyTo(_received);
                _length = left;
                return received;
            }

            IoResult result = DescriptorIo.ReadSome(Connection, _received.AsSpan(_length), Deadline.After(Patience));
            Assert.Equal(IoStatus.Done, result.Status);
            _length += result.Count;
        }
    }

    public void Reply(ulong id, Reply reply, int pieceBytes = int.MaxValue) => Send(id, FrameKind.Reply, ReplyCodec.Encode(reply), pieceBytes);

    public void Send(ulong id, FrameKind kind, ReadOnlySpan<byte> message, int pieceBytes = int.MaxValue)
    {
        do
        {
            ReadOnlySpan<byte> piece = message[..Math.Min(pieceBytes, message.Length)];
            message = message[piece.Length..];
            ArrayBufferWriter<byte> frame = new();
            FrameWriter.Write(frame, id, kind, more: !message.IsEmpty, piece);
            SendBytes(frame.WrittenSpan);
        }
        while (!message.IsEmpty);
    }

    public void SendBytes(ReadOnlySpan<byte> bytes) => Assert.True(DescriptorIo.WriteAll(Connection, bytes, Deadline.After(Patience)).IsDone);

    public void Close() => Connection.Dispose();

    public void Dispose()
    {
        _connection?.Dispose();
        _listener.Dispose();
    }

    private IDescriptor Accept()
    {
        Assert.True(_listener.Poll(PollEvents.In, (int)Patience.TotalMilliseconds) > 0);
        Assert.True(DescriptorIo.Accept(_listener, out IDescriptor? connection).IsDone);
        return connection!;
    }

    public sealed record ReceivedFrame(ulong Id, bool More, byte[] Payload);
}
