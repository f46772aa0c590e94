using Init.Linux;

namespace Init.Testing;

/// <summary>A descriptor without a kernel: gives bytes and then the end, keeps what is written, accepts what it was given.</summary>
/// <param name="input">What reads give.</param>
public sealed class MemoryDescriptor(byte[] input) : IDescriptor
{
    private readonly List<byte> _written = [];
    private readonly Queue<IDescriptor> _waiting = [];
    private int _position;

    public MemoryDescriptor()
        : this([])
    {
    }

    public int Number => -1;

    public PeerAddress Peer { get; init; }

    /// <summary>All that was written.</summary>
    public IReadOnlyList<byte> Written => _written;

    public bool IsDisposed { get; private set; }

    /// <summary>A connection to be accepted.</summary>
    public void Connect(IDescriptor connection) => _waiting.Enqueue(connection);

    public int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, input.Length - _position);
        input.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public int Write(ReadOnlySpan<byte> buffer)
    {
        _written.AddRange(buffer);
        return buffer.Length;
    }

    public int Accept(out IDescriptor? connection) => _waiting.TryDequeue(out connection) ? 0 : -(int)Errno.EAGAIN;

    public int ConnectError() => 0;

    public int Poll(PollEvents events, int timeoutMs) => (int)events;

    public int Shutdown(ShutdownSides sides) => 0;

    public void Dispose() => IsDisposed = true;
}
