using System.Buffers.Binary;
using Init.Linux;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>QEMU's half of the vhost-user protocol: messages, descriptors, replies.</summary>
internal sealed class FrontEnd : IDisposable
{
    public const ulong ProtocolFeatures = 1UL << 30;
    public const ulong Version1 = 1UL << 32;
    public const ulong ReplyAck = 1UL << 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly DescriptorSocket _socket;

    public FrontEnd(string path) => _socket = new DescriptorSocket(UnixSocket.Connect(path, Patience));

    /// <summary>Sends a message and nothing else.</summary>
    public void Send(uint request, ReadOnlySpan<byte> payload, bool needsReply = false, params FileDescriptor[] descriptors)
    {
        byte[] message = new byte[12 + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, request);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), needsReply ? 9U : 1U);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), (uint)payload.Length);
        payload.CopyTo(message.AsSpan(12));
        SendRaw(message, descriptors);
    }

    public void SendRaw(ReadOnlySpan<byte> bytes, params FileDescriptor[] descriptors)
    {
        _socket.Attach(descriptors);
        Assert.Equal(IoStatus.Done, DescriptorIo.WriteAll(_socket, bytes, Deadline.After(Patience)).Status);
    }

    /// <summary>Reads a reply to a request.</summary>
    public byte[] ReadReply(uint request)
    {
        byte[] header = new byte[12];
        Assert.Equal(IoStatus.Done, DescriptorIo.ReadExactly(_socket, header, Deadline.After(Patience)).Status);
        Assert.Equal(request, BinaryPrimitives.ReadUInt32LittleEndian(header));
        Assert.Equal(5U, BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)));
        byte[] payload = new byte[BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8))];
        if (payload.Length > 0)
        {
            Assert.Equal(IoStatus.Done, DescriptorIo.ReadExactly(_socket, payload, Deadline.After(Patience)).Status);
        }

        return payload;
    }

    public ulong Ask(uint request)
    {
        Send(request, []);
        return BinaryPrimitives.ReadUInt64LittleEndian(ReadReply(request));
    }

    /// <summary>Sends a message that wants to know how it went; true when it went well.</summary>
    public bool Try(uint request, ReadOnlySpan<byte> payload, params FileDescriptor[] descriptors)
    {
        Send(request, payload, needsReply: true, descriptors);
        return BinaryPrimitives.ReadUInt64LittleEndian(ReadReply(request)) == 0;
    }

    /// <summary>Whether the back end has hung up.</summary>
    public bool IsHungUp()
    {
        byte[] one = new byte[1];
        return DescriptorIo.ReadSome(_socket, one, Deadline.After(Patience)).Status is IoStatus.EndOfStream or IoStatus.Reset;
    }

    public static byte[] Words(params uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    public static byte[] Longs(params ulong[] longs) => [.. longs.SelectMany(BitConverter.GetBytes)];

    public void Dispose() => _socket.Dispose();
}
