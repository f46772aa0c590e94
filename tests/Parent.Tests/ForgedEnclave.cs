using System.Buffers;
using System.Net.Sockets;
using Init.Testing;
using Init.Wire;

namespace Init.Parent.Tests;

/// <summary>Whoever answers in an enclave's place: says what a test wants.</summary>
internal sealed class ForgedEnclave : IDisposable
{
    private static int _count;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Func<Request, (FrameKind Kind, byte[] Message)> _answer;

    public ForgedEnclave(Func<Request, (FrameKind Kind, byte[] Message)> answer)
    {
        _answer = answer;

        // A short name: a Unix socket's path has 107 bytes at most.
        string path = Path.Combine(Places.Scratch($"fe{Interlocked.Increment(ref _count)}"), "s");
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        Address = "unix:" + path;
        _ = ServeAsync();
    }

    public string Address { get; }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using Socket caller = await _listener.AcceptAsync();
                await AnswerAsync(caller);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task AnswerAsync(Socket caller)
    {
        byte[] received = new byte[1 << 16];
        int length = 0;
        while (await caller.ReceiveAsync(received.AsMemory(length)) is > 0 and int count)
        {
            length += count;
            ReadOnlySequence<byte> buffer = new(received, 0, length);
            while (FrameReader.TryRead(ref buffer, out Frame frame))
            {
                (FrameKind kind, byte[] message) = _answer(RequestCodec.Decode(frame.Payload.ToArray()));
                ArrayBufferWriter<byte> bytes = new();
                FrameWriter.Write(bytes, frame.Id, kind, more: false, message);
                await caller.SendAsync(bytes.WrittenMemory);
            }

            int left = (int)buffer.Length;
            received.AsSpan(length - left, left).CopyTo(received);
            length = left;
        }
    }
}
