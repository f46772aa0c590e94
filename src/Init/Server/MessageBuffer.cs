using System.Buffers;
using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <summary>The bytes of one message, one after the other in memory that is cleared or unmapped when the message is done with. Disposed of once.</summary>
internal sealed class MessageBuffer : IDisposable
{
    private readonly IMemoryOwner<byte> _memory;
    private readonly FrameMemoryPool? _pool;
    private readonly int _start;
    private FrameChecksum? _checksum; // where the memory is a frame that was received, from its start on
    private int _length;

    private MessageBuffer(IMemoryOwner<byte> memory, FrameMemoryPool? pool = null, int start = 0) => (_memory, _pool, _start) = (memory, pool, start);

    /// <summary>What was appended so far.</summary>
    public Memory<byte> Bytes => _memory.Memory.Slice(_start, _length);

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

    /// <summary>A message that is one frame, where that was received.</summary>
    /// <param name="server">Whose pools the memory comes from.</param>
    /// <param name="memory">Begins with the frame, and has nothing else; the message's from now on.</param>
    /// <param name="frame">Where the message is.</param>
    /// <param name="checksum">The frame's.</param>
    public static MessageBuffer Of(ServerContext server, IMemoryOwner<byte> memory, in FramePlace frame, FrameChecksum? checksum) =>
        new(memory, memory is AnonymousMemory ? server.Frames : null, frame.PayloadStart) { _length = frame.PayloadBytes, _checksum = checksum };

    /// <summary>What is known of a body of the message's bytes; null: nothing, it is to be gone over.</summary>
    /// <param name="body">The end of the message, or anything else.</param>
    public KnownBody? KnownOf(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> frame = _memory.Memory.Span[..(_start + _length)];
        return _checksum is not null && frame.Overlaps(body, out int at) && at >= _start && at + body.Length == frame.Length
            ? new KnownBody(_checksum, frame, body.Length)
            : null;
    }

    /// <summary>Appends bytes for which there is room.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_memory.Memory.Span[_length..]);
        _length += bytes.Length;
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
            _pool.Return((AnonymousMemory)_memory, _start + _length);
        }
    }
}
