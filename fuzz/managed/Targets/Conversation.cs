using Init.Init.Tests.Server;
using Init.Linux;
using Init.Testing;
using Init.Wire;
using Init.Wire.Tests;

namespace Init.Fuzz.Targets;

/// <summary>What one client says to a server, step by step as bytes choose it, and what must hold of all that it hears.</summary>
/// <remarks>
/// The first byte says how it ends: the client sends no more, or is silent until a deadline, or goes away. Each step is a byte and its
/// arguments: a whole request in pieces; a frame of any kind and id; raw bytes; a request cut off; time; an answer that is read. Oracle: whatever
/// is heard can be read; one error at most for the connection, and its end behind it; no answer for an id that was not used, nor more than
/// were asked for; an echo's bytes are the ones that were sent; and where nothing but whole requests was sent, each has exactly one answer.
/// </remarks>
internal sealed class Conversation(TestServer server, byte[] script) : IDisposable
{
    private const int MaxRequests = 12; // of which none is refused for there being too many

    private readonly RawClient _client = server.Connect();
    private readonly ByteSource _script = new(script);
    private readonly Dictionary<ulong, int> _owed = [];
    private readonly Dictionary<ulong, byte[]> _echoes = [];
    private readonly Dictionary<ulong, (byte[] Message, int Sent)> _unfinished = [];
    private ulong _lastId = 100;
    private bool _isClean = true;
    private bool _hasFailed;
    private bool _isOver;

    /// <summary>Has it.</summary>
    /// <returns>Whether every request of it was whole and each had its answer.</returns>
    public bool Run()
    {
        int end = _script.Next() % 3;
        while (_script.HasMore && _lastId < 100 + MaxRequests && !_isOver)
        {
            DoStep(_script.Next() % 8);
        }

        switch (end)
        {
            case 0:
                _client.HalfClose();
                ReadToTheEnd();
                Assert.True(!_isClean || !_hasFailed, "a right client's connection failed");
                Assert.True(!_isClean || _owed.Values.All(owed => owed == 0), "a request has no answer");
                return _isClean;
            case 1:
                BeSilent();
                return false;
            default:
                return false;
        }
    }

    public void Dispose() => _client.Dispose();

    private void DoStep(int step)
    {
        switch (step)
        {
            case 2:
                _isClean = false;
                SendFrame();
                break;
            case 3:
                _isClean = false;
                Send(_script.Take(_script.Next() % 32));
                break;
            case 4:
                _isClean = false;
                byte[] frames = RawClient.Frames(Owe(++_lastId), Message(_script.Next(), _lastId));
                Send(frames.AsSpan(0, _script.Next() % frames.Length));
                break;
            case 5:
                _isClean = false;
                server.Advance(TimeSpan.FromMilliseconds(100 * (1 << (_script.Next() % 12))));
                break;
            case 6:
                if (_client.Socket.Poll(PollEvents.In, 0) > 0)
                {
                    ReadOne();
                }

                break;
            default:
                byte[] message = Message(_script.Next(), Owe(++_lastId));
                Send(RawClient.Frames(_lastId, message, 1 + _script.Next()));
                break;
        }
    }

    // Ids from 0 to 5, again and again: those of requests that go on, of answered ones, and the connection's own. A message goes on where
    // it was, and may end early: what arrives whole is what was meant.
    private void SendFrame()
    {
        ulong id = _script.Next() % 6UL;
        byte flags = _script.Next();
        byte choice = _script.Next();
        (byte[] message, int sent) = _unfinished.TryGetValue(id, out (byte[], int) known) ? known : (Message(choice, id), 0);
        int end = Math.Min(message.Length, sent + 1 + _script.Next());
        bool more = flags >= 0x80;
        Owe(id);
        Send(Frame(id, (FrameKind)(flags % 8 < 4 ? 0 : flags % 4), more, sent < end ? message[sent..end] : new byte[1]));
        _unfinished.Remove(id);
        if (more)
        {
            _unfinished[id] = (message, end);
        }
    }

    // FrameWriter has no frame of a request with id 0: the id is the envelope's second byte.
    private static byte[] Frame(ulong id, FrameKind kind, bool more, byte[] payload)
    {
        byte[] body = FrameBytes.Of(Math.Max(id, 1), kind, more, payload)[WireLimits.FrameHeaderBytes..];
        body[1] = (byte)id;
        return FrameBytes.Around(body);
    }

    private byte[] Message(byte choice, ulong id)
    {
        byte[] data = _echoes.TryGetValue(id, out byte[]? known) ? known : _echoes[id] = [.. Enumerable.Range(0, 1 + (choice * 8)).Select(i => (byte)(i + (int)id))];
        return (choice % 10) switch
        {
            0 or 1 => RequestCodec.Encode(new EchoRequest(data)),
            2 => RequestCodec.Encode(new HealthRequest()),
            3 => RequestCodec.Encode(new HelloRequest(1, 1)),
            4 => RequestCodec.Encode(new CancelRequest(id - 1)),
            5 => RequestCodec.Encode(new CircuitRequest(Requests.Bytecode())),
            6 => RequestCodec.Encode(Requests.Prove(wantsProgress: true)),
            7 => RequestCodec.Encode(Requests.Verify(1)),
            8 => RequestCodec.Encode(new ShutdownRequest()),
            _ => [0x83, choice],
        };
    }

    private ulong Owe(ulong id)
    {
        _owed[id] = _owed.GetValueOrDefault(id) + 1;
        return id;
    }

    // The server may have hung up already.
    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            _client.TrySend(bytes);
        }
    }

    private void ReadToTheEnd()
    {
        while (!_isOver)
        {
            ReadOne();
        }
    }

    // Whatever was begun, a deadline ends it.
    private void BeSilent()
    {
        using CancellationTokenSource isOver = new();
        Thread clock = new(() =>
        {
            while (!isOver.Token.WaitHandle.WaitOne(1))
            {
                server.Advance(TimeSpan.FromSeconds(30));
            }
        });
        clock.Start();
        try
        {
            ReadToTheEnd();
        }
        finally
        {
            isOver.Cancel();
            clock.Join();
        }
    }

    private void ReadOne()
    {
        if (_client.TryRead() is not { } message)
        {
            _isOver = true;
            return;
        }

        if (message.Id == 0)
        {
            Assert.Equal((FrameKind.Error, false), (message.Kind, _hasFailed));
            Assert.NotEmpty(message.Error.Message);
            _hasFailed = true;
            return;
        }

        Assert.True(_owed.GetValueOrDefault(message.Id) > 0, $"request {message.Id}: an answer that nobody waits for");
        if (message.Kind == FrameKind.Progress)
        {
            Assert.True(Enum.IsDefined(message.Progress.Stage));
            return;
        }

        _owed[message.Id]--;
        if (message.Kind == FrameKind.Error)
        {
            Assert.NotEmpty(message.Error.Message);
        }
        else if (message.Reply is EchoReply echo)
        {
            Assert.True(echo.Data.Span.SequenceEqual(_echoes[message.Id]), $"request {message.Id}: other bytes than were sent");
        }
    }
}
