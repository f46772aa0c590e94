using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Init.Client;
using Init.Wire;

namespace Init.Init.Tests.EndToEnd;

/// <summary>The parent instance as the adversary: carries the frames between callers and enclaves, keeps them all, and does with them what a test says.</summary>
internal sealed class HostileParent : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"init-mitm-{Environment.ProcessId}-{Guid.NewGuid():N}.sock");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly ConcurrentQueue<byte[]> _seen = [];
    private readonly Func<int, string> _target;
    private int _connections;

    /// <param name="target">The socket that the n-th connection, from 0, is carried to.</param>
    public HostileParent(Func<int, string> target)
    {
        _target = target;
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen(16);
        _ = AcceptAsync();
    }

    public HostileParent(string target)
        : this(_ => target)
    {
    }

    public EnclaveAddress Address => AttestedServer.AddressOf(_path);

    /// <summary>What becomes of a frame to the enclave. Any number of frames, none for one that is lost.</summary>
    public Func<CarriedFrame, IEnumerable<CarriedFrame>> ToEnclave { get; set; } = frame => [frame];

    /// <summary>What becomes of a frame to the caller.</summary>
    public Func<CarriedFrame, IEnumerable<CarriedFrame>> ToCaller { get; set; } = frame => [frame];

    /// <summary>Every payload that came by, in both directions, before anything was done to it.</summary>
    public IReadOnlyCollection<byte[]> Seen => _seen;

    /// <summary>Whether some bytes were anywhere in what came by.</summary>
    public bool HasSeen(ReadOnlySpan<byte> bytes)
    {
        foreach (byte[] payload in _seen)
        {
            if (payload.AsSpan().IndexOf(bytes) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }

        File.Delete(_path);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket caller = await _listener.AcceptAsync();
                Socket enclave = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                _sockets.Add(caller);
                _sockets.Add(enclave);
                await enclave.ConnectAsync(new UnixDomainSocketEndPoint(_target(_connections++)));
                _ = CarryAsync(caller, enclave, frame => ToEnclave(frame));
                _ = CarryAsync(enclave, caller, frame => ToCaller(frame));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed of, or the enclave is gone: nothing more is carried.
        }
    }

    private async Task CarryAsync(Socket from, Socket to, Func<CarriedFrame, IEnumerable<CarriedFrame>> what)
    {
        byte[] received = new byte[WireLimits.FrameHeaderBytes + WireLimits.MaxFrameBodyBytes];
        int length = 0;
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(received.AsMemory(length));
                if (count == 0)
                {
                    break;
                }

                length += count;
                ReadOnlySequence<byte> buffer = new(received, 0, length);
                while (FrameReader.TryRead(ref buffer, out Frame frame))
                {
                    byte[] payload = frame.Payload.ToArray();
                    _seen.Enqueue(payload);
                    foreach (CarriedFrame carried in what(new CarriedFrame(frame.Id, frame.Kind, frame.More, payload)))
                    {
                        await to.SendAsync(carried.Encode());
                    }
                }

                int left = (int)buffer.Length;
                received.AsSpan(length - left, left).CopyTo(received);
                length = left;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // An end went away.
        }

        to.Dispose();
        from.Dispose();
    }
}

/// <summary>A frame on its way; its checksum is made anew.</summary>
internal sealed record CarriedFrame(ulong Id, FrameKind Kind, bool More, byte[] Payload)
{
    public byte[] Encode()
    {
        ArrayBufferWriter<byte> bytes = new();
        FrameWriter.Write(bytes, Id, Kind, More, Payload);
        return bytes.WrittenSpan.ToArray();
    }
}
