using System.Buffers.Binary;
using Init.Linux;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>A driver's half of one split virtqueue, in memory that the test shares with the back end. It can also write nonsense.</summary>
internal sealed class GuestQueue
{
    public const ushort Size = 128;
    public const int Bytes = 8192;

    public const ushort Next = 1;
    public const ushort Write = 2;
    public const ushort Indirect = 4;

    private const int AvailableOffset = 16 * Size;
    private const int UsedOffset = 4096;

    private readonly SharedMapping _memory;
    private readonly long _start;
    private ushort _nextUsed;

    public GuestQueue(SharedMapping memory, long start)
    {
        _memory = memory;
        _start = start;
    }

    public long Descriptors => _start;

    public long Available => _start + AvailableOffset;

    public long Used => _start + UsedOffset;

    /// <summary>The available ring's index: writable, for jumps.</summary>
    public ushort AvailableIndex
    {
        get => _memory.ReadUInt16Acquire(Available + 2);
        set => _memory.WriteUInt16Release(Available + 2, value);
    }

    /// <summary>Whether the device wants a kick.</summary>
    public bool WantsKick => _memory.ReadUInt16Acquire(Used) == 0;

    public void WriteDescriptor(int index, ulong address, uint length, ushort flags, ushort next)
    {
        Span<byte> descriptor = _memory.Span(Descriptors + (16 * index), 16);
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, address);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[8..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[12..], flags);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[14..], next);
    }

    /// <summary>Puts a chain's head into the available ring.</summary>
    public void Offer(ushort head)
    {
        ushort index = AvailableIndex;
        BinaryPrimitives.WriteUInt16LittleEndian(_memory.Span(Available + 4 + (2 * (index % Size)), 2), head);
        Interlocked.MemoryBarrier();
        AvailableIndex = unchecked((ushort)(index + 1));
        Interlocked.MemoryBarrier();
    }

    /// <summary>Takes the next used element.</summary>
    public bool TryTakeUsed(out uint head, out uint written)
    {
        head = written = 0;
        if (_memory.ReadUInt16Acquire(Used + 2) == _nextUsed)
        {
            return false;
        }

        ReadOnlySpan<byte> element = _memory.Span(Used + 4 + (8 * (_nextUsed % Size)), 8);
        head = BinaryPrimitives.ReadUInt32LittleEndian(element);
        written = BinaryPrimitives.ReadUInt32LittleEndian(element[4..]);
        _nextUsed++;
        return true;
    }

    /// <summary>As a driver after a reset.</summary>
    public void Clear()
    {
        _memory.Span(_start, Bytes).Clear();
        _nextUsed = 0;
    }
}
