using System.Buffers;
using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <summary>The bytes of one message, one after the other in memory that is cleared or unmapped when the message is done with. Disposed of once.</summary>
internal sealed class MessageBuffer : IDisposable
{
    private readonly IMemoryOwner<byte> _memory;
    private readonly FrameMemoryPool? _pool;
    private int _length;

    private MessageBuffer(IMemoryOwner<byte> memory, FrameMemoryPool? pool = null) => (_memory, _pool) = (memory, pool);

    /// <summary>What was appended so far.</summary>
    public Memory<byte> Bytes => _memory.Memory[.._length];

    /// <summary>How much was appended so far.</summary>
    public int LengthBytes => _length;

    /// <summary>Room for a message.</summary>
    /// <param name="server">Whose pools it comes from.</param>
    /// <param name="firstBytes">The first frame's payload.</param>
    /// <param name="more">
    /// Whether frames follow. Then address space is set aside for the longest message; memory is taken as bytes arrive.
    /// </param>
    /// <exception cref="LinuxException">ENOMEM.</exception>
    public static MessageBuffer For(ServerContext server, int firstBytes, bool more) =>
        more ? new MessageBuffer(new AnonymousMemory(WireLimits.MaxMessageBytes))
        : firstBytes <= ClearingMemoryPool.BlockBytes ? new MessageBuffer(server.Pool.Rent(firstBytes))
        : new MessageBuffer(server.Frames.Rent(), server.Frames);

    /// <summary>Whether as many bytes may be appended.</summary>
    public bool HasRoomFor(long count) => count <= WireLimits.MaxMessageBytes - _length;

    /// <summary>Appends bytes for which there is room.</summary>
    public void Append(in ReadOnlySequence<byte> bytes)
    {
        bytes.CopyTo(_memory.Memory.Span[_length..]);
        _length += (int)bytes.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pool is null)
        {
            _memory.Dispose();
        }
        else
        {
            _pool.Return((AnonymousMemory)_memory, _length);
        }
    }
}
