using System.Buffers;
using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <summary>The bytes of one message, one after the other in memory that is cleared or unmapped when the message is done with.</summary>
internal sealed class MessageBuffer : IDisposable
{
    private readonly IMemoryOwner<byte> _memory;
    private int _length;

    private MessageBuffer(IMemoryOwner<byte> memory) => _memory = memory;

    /// <summary>What was appended so far.</summary>
    public Memory<byte> Bytes => _memory.Memory[.._length];

    /// <summary>How much was appended so far.</summary>
    public int LengthBytes => _length;

    /// <summary>Room for a message.</summary>
    /// <param name="pool">For small messages of one frame.</param>
    /// <param name="firstBytes">The first frame's payload.</param>
    /// <param name="more">
    /// Whether frames follow. Then address space is set aside for the longest message; memory is taken as bytes arrive.
    /// </param>
    /// <exception cref="LinuxException">ENOMEM.</exception>
    public static MessageBuffer For(ClearingMemoryPool pool, int firstBytes, bool more) => new(
        more ? new AnonymousMemory(WireLimits.MaxMessageBytes)
        : firstBytes <= ClearingMemoryPool.BlockBytes ? pool.Rent(firstBytes)
        : new AnonymousMemory(firstBytes));

    /// <summary>Whether as many bytes may be appended.</summary>
    public bool HasRoomFor(long count) => count <= WireLimits.MaxMessageBytes - _length;

    /// <summary>Appends bytes for which there is room.</summary>
    public void Append(in ReadOnlySequence<byte> bytes)
    {
        bytes.CopyTo(_memory.Memory.Span[_length..]);
        _length += (int)bytes.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
