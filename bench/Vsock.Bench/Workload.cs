using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Init.Vsock.Bench;

/// <summary>Which way bytes go.</summary>
internal enum Direction
{
    ToGuest,
    FromGuest,
    RoundTrip,
}

/// <summary>Something to move.</summary>
/// <param name="Direction">Which way.</param>
/// <param name="MessageBytes">The size of each write.</param>
/// <param name="Messages">How many.</param>
internal sealed record Workload(Direction Direction, int MessageBytes, int Messages)
{
    private const uint EchoPort = 5000;
    private const uint SinkPort = 5001;
    private const uint SourcePort = 5002;
    private const int ReadBytes = 256 * 1024;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new(Direction.ToGuest, 1 << 20, 128), new(Direction.ToGuest, 64 << 10, 2048), new(Direction.ToGuest, 64, 65_536),
        new(Direction.FromGuest, 1 << 20, 128), new(Direction.FromGuest, 64 << 10, 2048), new(Direction.FromGuest, 64, 65_536),
        new(Direction.RoundTrip, 64, 2000),
    ];

    private long TotalBytes => (long)Messages * MessageBytes;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Direction switch
    {
        Direction.ToGuest => "host to guest",
        Direction.FromGuest => "guest to host",
        _ => "there and back",
    }}, {(MessageBytes >= 1024 ? $"{MessageBytes / 1024} KiB" : $"{MessageBytes} B")}");

    /// <summary>Bytes that arrive a second, in MB.</summary>
    public double Measure(Contestant contestant)
    {
        using Socket socket = contestant.Connect(Direction switch
        {
            Direction.ToGuest => SinkPort,
            Direction.FromGuest => SourcePort,
            _ => EchoPort,
        });
        long start = Stopwatch.GetTimestamp();
        long moved = Direction switch
        {
            Direction.ToGuest => Give(socket),
            Direction.FromGuest => Take(socket),
            _ => Exchange(socket),
        };
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return moved == TotalBytes ? TotalBytes / seconds / 1e6 : throw new BenchException($"{Name}: {moved} of {TotalBytes} bytes arrived");
    }

    /// <summary>The guest says how much it got.</summary>
    private long Give(Socket socket)
    {
        byte[] message = new byte[MessageBytes];
        for (int sent = 0; sent < Messages; sent++)
        {
            SendAll(socket, message);
        }

        socket.Shutdown(SocketShutdown.Send);
        byte[] total = new byte[sizeof(ulong)];
        ReceiveAll(socket, total);
        return BinaryPrimitives.ReadInt64BigEndian(total);
    }

    private long Take(Socket socket)
    {
        byte[] order = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(order, TotalBytes);
        BinaryPrimitives.WriteInt32BigEndian(order.AsSpan(8), MessageBytes);
        SendAll(socket, order);
        byte[] buffer = new byte[ReadBytes];
        long total = 0;
        int count;
        while ((count = socket.Receive(buffer)) > 0)
        {
            total += count;
        }

        return total;
    }

    private long Exchange(Socket socket)
    {
        byte[] message = new byte[sizeof(int) + MessageBytes], answer = new byte[message.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, MessageBytes);
        for (int sent = 0; sent < Messages; sent++)
        {
            SendAll(socket, message);
            ReceiveAll(socket, answer);
        }

        return TotalBytes;
    }

    private static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static void ReceiveAll(Socket socket, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = socket.Receive(bytes);
            bytes = count > 0 ? bytes[count..] : throw new BenchException("receive: the guest has closed the connection");
        }
    }
}
