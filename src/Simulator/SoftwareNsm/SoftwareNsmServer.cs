using System.Buffers.Binary;
using System.Net.Sockets;
using Init.Nsm;

namespace Init.Simulator.SoftwareNsm;

/// <summary>
/// A software NSM behind a Unix socket: both ways a u32 length (big-endian) and CBOR. All connections share one module, as all handles
/// of /dev/nsm do, and each counts as one open.
/// </summary>
/// <remarks>One thread accepts, one thread serves each connection. They end with <see cref="Dispose"/>.</remarks>
public sealed class SoftwareNsmServer : IDisposable
{
    private readonly FaultyNsm _nsm;
    private readonly string _path;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Lock _lock = new();
    private readonly Dictionary<Socket, Thread> _connections = [];
    private readonly Thread _acceptor;
    private long _opens;

    /// <summary>Listens at once.</summary>
    /// <param name="path">Of the socket; what is there is replaced. At most 107 bytes.</param>
    /// <param name="nsm">The module. The server disposes of it.</param>
    public SoftwareNsmServer(string path, SoftwareNsmDevice nsm)
    {
        _nsm = new FaultyNsm(nsm);
        _path = path;
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _acceptor = new Thread(Accept) { IsBackground = true, Name = "nsm-accept" };
        _acceptor.Start();
    }

    /// <summary>What goes wrong from now on.</summary>
    public SoftwareNsmFaults Faults
    {
        get => _nsm.Faults;
        set => _nsm.Faults = value;
    }

    /// <summary>Connections since the start.</summary>
    public long Opens => Interlocked.Read(ref _opens);

    /// <summary>Requests since the start.</summary>
    public long Calls => _nsm.Calls;

    /// <summary>Connections now.</summary>
    public int Connections
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Closes every connection, waits for the threads and removes the socket.</summary>
    public void Dispose()
    {
        _nsm.Stopping.Set();
        _listener.Dispose();
        _acceptor.Join();
        KeyValuePair<Socket, Thread>[] connections;
        lock (_lock)
        {
            connections = [.. _connections];
        }

        foreach ((Socket connection, Thread thread) in connections)
        {
            connection.Dispose();
            thread.Join();
        }

        File.Delete(_path);
        _nsm.Dispose();
    }

    private void Accept()
    {
        while (!_nsm.Stopping.IsSet)
        {
            try
            {
                Socket connection = _listener.Accept();
                Thread thread = new(() => ServeUntilClosed(connection)) { IsBackground = true, Name = "nsm-serve" };
                lock (_lock)
                {
                    _connections.Add(connection, thread);
                }

                Interlocked.Increment(ref _opens);
                thread.Start();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // Disposed of, or no descriptor left for the connection: the pause keeps that from spinning.
                _nsm.Stopping.Wait(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private void ServeUntilClosed(Socket connection)
    {
        try
        {
            using (connection)
            {
                Serve(connection);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The client is gone, or this server is.
        }
        finally
        {
            lock (_lock)
            {
                _connections.Remove(connection);
            }
        }
    }

    private void Serve(Socket connection)
    {
        byte[] length = new byte[sizeof(uint)];
        byte[] request = new byte[NsmLimits.RequestBytes];
        while (Receive(connection, length))
        {
            uint requestBytes = BinaryPrimitives.ReadUInt32BigEndian(length);
            if (requestBytes > NsmLimits.RequestBytes || !Receive(connection, request.AsSpan(0, (int)requestBytes)))
            {
                return;
            }

            if (_nsm.Answer(request.AsSpan(0, (int)requestBytes)) is not { } reply)
            {
                _nsm.Stopping.Wait();
                return;
            }

            byte[] message = new byte[sizeof(uint) + reply.Length];
            BinaryPrimitives.WriteUInt32BigEndian(message, (uint)reply.Length);
            reply.CopyTo(message, sizeof(uint));
            Send(connection, message);
        }
    }

    /// <summary>Fills the buffer; false at the end of the stream.</summary>
    private static bool Receive(Socket connection, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = connection.Receive(buffer);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }

    private static void Send(Socket connection, ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            message = message[connection.Send(message)..];
        }
    }
}
