using System.Buffers;
using System.Buffers.Binary;
using Init.Linux;
using Init.Wire;

namespace Init.Init.Tests.Server;

/// <summary>The protocol byte by byte over a Unix socket, so that a test can break it anywhere.</summary>
/// <param name="socket">The connection, which is its own from now on.</param>
/// <param name="patience">For one read or write; null for what is enough for a server in this process.</param>
internal sealed class RawClient(IDescriptor socket, TimeSpan? patience = null) : IDisposable
{
    [ThreadStatic]
    private static byte[]? _buffer; // one for all: a thousand clients of a test must not look like a leak

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(20);

    private readonly Dictionary<(ulong Id, FrameKind Kind), List<byte[]>> _unfinished = [];
    private ReadOnlyMemory<byte> _unread;

    public IDescriptor Socket => socket;

    /// <summary>A request's frames.</summary>
    public static byte[] Frames(ulong id, Request request, int payloadBytes = WireLimits.MaxFramePayloadBytes) =>
        Frames(id, RequestCodec.Encode(request), payloadBytes);

    /// <summary>A message's frames.</summary>
    public static byte[] Frames(ulong id, ReadOnlySpan<byte> message, int payloadBytes = WireLimits.MaxFramePayloadBytes)
    {
        ArrayBufferWriter<byte> frames = new();
        do
        {
            ReadOnlySpan<byte> payload = message[..Math.Min(message.Length, payloadBytes)];
            message = message[payload.Length..];
            FrameWriter.Write(frames, id, FrameKind.Request, !message.IsEmpty, payload);
        }
        while (!message.IsEmpty);
        return frames.WrittenSpan.ToArray();
    }

    /// <summary>One frame.</summary>
    public static byte[] Frame(ulong id, bool more, byte[] payload, FrameKind kind = FrameKind.Request)
    {
        ArrayBufferWriter<byte> frame = new();
        FrameWriter.Write(frame, id, kind, more, payload);
        return frame.WrittenSpan.ToArray();
    }

    public void Send(ReadOnlySpan<byte> bytes) => Assert.Equal(IoStatus.Done, TrySend(bytes).Status);

    public IoResult TrySend(ReadOnlySpan<byte> bytes) => DescriptorIo.WriteAll(socket, bytes, Deadline.After(_patience));

    public void Send(ulong id, Request request) => Send(Frames(id, request));

    /// <summary>Sends a request and reads its answer, the next message there is.</summary>
    public Reply Call(ulong id, Request request)
    {
        Send(id, request);
        return ReadReply(id);
    }

    /// <summary>The next message, which must be this request's reply.</summary>
    public Reply ReadReply(ulong id)
    {
        Message message = Read();
        Assert.Equal((id, FrameKind.Reply, null), (message.Id, message.Kind, message.Kind == FrameKind.Error ? message.Error.Message : null));
        return ReplyCodec.Decode(message.Body);
    }

    /// <summary>The next message, which must be this request's error.</summary>
    public ErrorReply ReadError(ulong id)
    {
        Message message = Read();
        Assert.Equal((id, FrameKind.Error), (message.Id, message.Kind));
        return message.Error;
    }

    /// <summary>The next whole message.</summary>
    public Message Read() => TryRead() ?? throw new EndOfStreamException();

    /// <summary>The next whole message; null at the end of the stream.</summary>
    public Message? TryRead()
    {
        while (true)
        {
            ReadOnlySequence<byte> unread = new(_unread);
            if (!FrameReader.TryRead(ref unread, out Frame frame))
            {
                if (!Fill())
                {
                    return null;
                }

                continue;
            }

            List<byte[]> parts = _unfinished.TryGetValue((frame.Id, frame.Kind), out List<byte[]>? known) ? known : [];
            parts.Add(frame.Payload.ToArray());
            _unread = _unread[^(int)unread.Length..];
            if (frame.More)
            {
                _unfinished[(frame.Id, frame.Kind)] = parts;
                continue;
            }

            _unfinished.Remove((frame.Id, frame.Kind));
            return new Message(frame.Id, frame.Kind, parts.Count == 1 ? parts[0] : [.. parts.SelectMany(p => p)]);
        }
    }

    /// <summary>The server has closed the connection, and nothing came before that.</summary>
    public void AssertClosed() => Assert.Null(TryRead());

    /// <summary>Nothing has come and nothing is closed.</summary>
    public void AssertQuiet() => Assert.True(_unread.IsEmpty && socket.Poll(PollEvents.In, 0) == 0);

    public void HalfClose() => Assert.Equal(0, socket.Shutdown(ShutdownSides.Write));

    public void Dispose() => socket.Dispose();

    /// <summary>A frame's length field with an otherwise empty header.</summary>
    public static byte[] Header(uint bodyBytes)
    {
        byte[] header = new byte[WireLimits.FrameHeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, bodyBytes);
        return header;
    }

    private bool Fill()
    {
        byte[] buffer = _buffer ??= new byte[64 * 1024];
        IoResult result = DescriptorIo.ReadSome(socket, buffer, Deadline.After(_patience));
        if (result.Status is IoStatus.EndOfStream or IoStatus.Reset)
        {
            return false;
        }

        Assert.Equal(IoStatus.Done, result.Status);
        byte[] joined = new byte[_unread.Length + result.Count];
        _unread.CopyTo(joined);
        buffer.AsSpan(0, result.Count).CopyTo(joined.AsSpan(_unread.Length));
        _unread = joined;
        return true;
    }
}

/// <summary>A whole message from the server.</summary>
internal sealed record Message(ulong Id, FrameKind Kind, byte[] Body)
{
    public ErrorReply Error => ReplyCodec.DecodeError(Body);

    public Reply Reply => ReplyCodec.Decode(Body);

    public ProgressEvent Progress => ReplyCodec.DecodeProgress(Body);
}
