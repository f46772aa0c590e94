using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Init.Testing;

/// <summary>A Unix socket that carries every byte to another one and back, and keeps them.</summary>
public sealed class RecordingRelay : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly MemoryStream _carried = new();
    private readonly string _target;

    /// <param name="path">Where it listens.</param>
    /// <param name="target">Where it carries to.</param>
    public RecordingRelay(string path, string target)
    {
        (Path, _target) = (path, target);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(16);
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Path { get; }

    /// <summary>All that was carried, both directions and all connections in one.</summary>
    public byte[] Carried
    {
        get
        {
            lock (_carried)
            {
                return _carried.ToArray();
            }
        }
    }

    /// <summary>Whether any 16 bytes of a secret, at every 16th place, were carried as they are. Runs of zeros and the like are nobody's.</summary>
    public bool HasCarriedAny(ReadOnlySpan<byte> secret)
    {
        const int WindowBytes = 16, DistinctBytes = 8;
        ReadOnlySpan<byte> carried = Carried;
        for (int at = 0; at + WindowBytes <= secret.Length; at += WindowBytes)
        {
            ReadOnlySpan<byte> window = secret.Slice(at, WindowBytes);
            if (window.ToArray().Distinct().Count() >= DistinctBytes && carried.IndexOf(window) >= 0)
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
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket near = await _listener.AcceptAsync();
                Socket far = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                _sockets.Add(near);
                _sockets.Add(far);
                await far.ConnectAsync(new UnixDomainSocketEndPoint(_target));
                _ = CarryAsync(near, far);
                _ = CarryAsync(far, near);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
            {
                lock (_carried)
                {
                    _carried.Write(buffer, 0, count);
                }

                await to.SendAsync(buffer.AsMemory(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // An end went away.
        }
    }
}
