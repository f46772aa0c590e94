using Init.Linux;

namespace Init.Simulator.VhostUser.Protocol;

/// <summary>
/// The front end's socket: messages in, replies out. A read never reaches into the next message, so the descriptors that come with one
/// are its own.
/// </summary>
internal sealed class VhostUserChannel(DescriptorSocket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[VhostUserHeader.Bytes + VhostUserHeader.MaxPayloadBytes];
    private readonly List<FileDescriptor> _descriptors = [];
    private int _received;
    private VhostUserHeader _header;

    /// <summary>For epoll.</summary>
    public int Number => socket.Number;

    /// <summary>The message that was received: its header.</summary>
    public VhostUserHeader Header => _header;

    /// <summary>The message's payload.</summary>
    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(VhostUserHeader.Bytes, _header.PayloadBytes);

    /// <summary>The message's descriptors. Who takes one out owns it; the others are closed with the next message.</summary>
    public List<FileDescriptor> Descriptors => _descriptors;

    /// <summary>Reads what is there.</summary>
    /// <returns>Done when a message is complete, WouldBlock when not, anything else when the front end is to be given up.</returns>
    public IoStatus Receive()
    {
        if (_received == 0)
        {
            CloseDescriptors();
            _header = default;
        }

        while (true)
        {
            bool hasHeader = _received >= VhostUserHeader.Bytes;
            int wanted = VhostUserHeader.Bytes + (hasHeader ? _header.PayloadBytes : 0) - _received;
            if (wanted == 0)
            {
                _received = 0;
                return IoStatus.Done;
            }

            IoResult result = DescriptorIo.Read(socket, _buffer.AsSpan(_received, wanted));
            _descriptors.AddRange(socket.TakeReceived());
            if (!result.IsDone)
            {
                return result.Status;
            }

            _received += result.Count;
            if (!hasHeader && _received == VhostUserHeader.Bytes && !VhostUserHeader.TryRead(_buffer, out _header))
            {
                return IoStatus.Failed;
            }
        }
    }

    /// <summary>Answers the message. The front end waits for it, so the socket has room; false: it is gone.</summary>
    public bool Reply(VhostUserRequest request, ReadOnlySpan<byte> payload)
    {
        Span<byte> message = stackalloc byte[VhostUserHeader.Bytes + VhostUserHeader.MaxPayloadBytes];
        VhostUserHeader.WriteReply(message, request, payload.Length);
        payload.CopyTo(message[VhostUserHeader.Bytes..]);
        ReadOnlySpan<byte> whole = message[..(VhostUserHeader.Bytes + payload.Length)];
        IoResult result = DescriptorIo.Write(socket, whole);
        return result.IsDone && result.Count == whole.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseDescriptors();
        socket.Dispose();
    }

    private void CloseDescriptors()
    {
        foreach (FileDescriptor descriptor in _descriptors)
        {
            descriptor.Dispose();
        }

        _descriptors.Clear();
    }
}
