using System.Buffers;
using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <summary>What was received of one connection and not taken yet: nothing, most of the time. Belongs to the loop's thread.</summary>
/// <remarks>
/// Bytes go into memory that all connections share, and are looked at there; cleared, as far as they went, before anybody else reads into it. Only
/// the beginning of a frame that is not whole is kept: in a small block, a large one, and then in a piece that has room for any frame, each
/// when the one before is full. Nothing is taken because a length says so. The rest of that frame is read to where its
/// beginning is, and its checksum goes on as it comes; memory that has one frame and nothing else can become its message's.
/// </remarks>
internal sealed class InputBuffer(ServerContext server)
{
    /// <summary>The most that is read at once.</summary>
    public const int MaxReadBytes = 256 * 1024;

    private IMemoryOwner<byte>? _kept; // null: what was received is in the shared memory
    private int _lengthBytes;
    private int _frameBytes; // of the kept memory's first frame; 0: not known
    private FrameChecksum? _checksum; // of that frame, as far as it has come

    /// <summary>What is there.</summary>
    public Memory<byte> Bytes => All[.._lengthBytes];

    private Memory<byte> All => _kept is null ? server.Loop.SharedMemory : _kept.Memory;

    /// <summary>Where the next bytes go: at least one.</summary>
    public Span<byte> Room()
    {
        Span<byte> all = All.Span;
        int end = _frameBytes > _lengthBytes ? Math.Min(_frameBytes, all.Length) : all.Length;
        return all[_lengthBytes..Math.Min(end, _lengthBytes + MaxReadBytes)];
    }

    /// <summary>So many have come.</summary>
    public void Advance(int count) => _lengthBytes += count;

    /// <summary>Reads the frame that begins somewhere in what is there.</summary>
    /// <returns>False: not all of it is there.</returns>
    /// <exception cref="WireException">The stream cannot be read any further.</exception>
    public bool TryRead(int from, out FramePlace frame)
    {
        ReadOnlySpan<byte> bytes = Bytes.Span;
        if (_kept is null || from > 0)
        {
            return FrameReader.TryRead(bytes[from..], out frame);
        }

        frame = default;
        _frameBytes = _frameBytes == 0 ? FrameReader.LengthOf(bytes) : _frameBytes;
        if (_frameBytes == 0)
        {
            return false;
        }

        _checksum ??= new FrameChecksum(_frameBytes, server.Settings.FramePayloadBytes);
        _checksum.GoOn(bytes);
        if (_lengthBytes < _frameBytes)
        {
            return false;
        }

        frame = FrameReader.Read(bytes, _frameBytes, _checksum.Value.Value);
        return true;
    }

    /// <summary>Makes a message of the memory, if it has this frame and nothing else.</summary>
    public MessageBuffer? TryDetach(in FramePlace frame)
    {
        if (_kept is null || frame.End != _lengthBytes || _frameBytes != _lengthBytes)
        {
            return null;
        }

        MessageBuffer message = MessageBuffer.Of(server, _kept, frame, _checksum);
        _kept = null;
        Forget();
        return message;
    }

    /// <summary>Keeps what is there from somewhere on; the rest was taken.</summary>
    /// <exception cref="LinuxException">ENOMEM.</exception>
    /// <exception cref="WireException">The stream cannot be read any further.</exception>
    public void KeepFrom(int from)
    {
        if (from == _lengthBytes)
        {
            Drop();
            return;
        }

        if (_kept is not null && from == 0 && _lengthBytes < _kept.Memory.Length)
        {
            return;
        }

        int keptBytes = _lengthBytes - from;
        IMemoryOwner<byte> memory = Rent(keptBytes + 1);
        Bytes.Span[from..].CopyTo(memory.Memory.Span);
        (FrameChecksum? checksum, int frameBytes) = from == 0 ? (_checksum, _frameBytes) : default;
        Drop();
        (_kept, _lengthBytes, _checksum) = (memory, keptBytes, checksum);
        _frameBytes = frameBytes == 0 ? FrameReader.LengthOf(Bytes.Span) : frameBytes;
    }

    /// <summary>Clears what is there and gives the memory back.</summary>
    public void Drop()
    {
        if (_kept is AnonymousMemory piece)
        {
            server.Frames.Return(piece, _lengthBytes);
        }
        else if (_kept is not null)
        {
            _kept.Dispose();
        }
        else
        {
            Bytes.Span.Clear();
        }

        _kept = null;
        Forget();
    }

    private void Forget() => (_lengthBytes, _frameBytes, _checksum) = (0, 0, null);

    private IMemoryOwner<byte> Rent(int bytes) => bytes <= ClearingMemoryPool.BlockBytes ? server.Pool.Rent(bytes) : server.Frames.Rent();
}
