using System.Buffers.Binary;

namespace Init.Simulator.VhostUser.Rings;

/// <summary>
/// A split virtqueue seen from the device (virtio 1.2, 2.7). All of it lies in memory that the guest writes at will: each field is
/// read once, into a local, and checked before it is used. Nonsense breaks the queue for good, as a device that sets
/// DEVICE_NEEDS_RESET would; it never reads or writes outside of the guest's memory and never loops longer than the queue is.
/// </summary>
internal sealed class Virtqueue
{
    /// <summary>The largest queue there may be (virtio 1.2, 2.7).</summary>
    public const uint MaxSize = 32768;

    private const int DescriptorBytes = 16;
    private const int UsedElementBytes = 8;

    /// <summary>flags and idx stand before both rings.</summary>
    private const int RingHeaderBytes = 4;

    private const ushort NextFlag = 1;
    private const ushort WriteFlag = 2;
    private const ushort IndirectFlag = 4;
    private const ushort NoInterruptFlag = 1;
    private const ushort NoNotifyFlag = 1;

    private readonly GuestMemory _memory;
    private readonly GuestRange _descriptors;
    private readonly GuestRange _available;
    private readonly GuestRange _used;
    private readonly ushort _size;
    private ushort _nextUsed;
    private bool _hasUnsignalled;

    private Virtqueue(
        GuestMemory memory, GuestRange descriptors, GuestRange available, GuestRange used, ushort size, ushort next)
    {
        _memory = memory;
        _descriptors = descriptors;
        _available = available;
        _used = used;
        _size = size;
        NextAvailable = next;
        _nextUsed = used.Mapping.ReadUInt16Acquire(used.Offset + 2);
    }

    /// <summary>Which entry of the available ring is taken next; what GET_VRING_BASE answers.</summary>
    public ushort NextAvailable { get; private set; }

    /// <summary>Whether the guest has written nonsense into it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether nothing is available now.</summary>
    public bool IsEmpty => IsBroken || AvailableIndex == NextAvailable;

    private ushort AvailableIndex => _available.Mapping.ReadUInt16Acquire(_available.Offset + 2);

    /// <summary>Finds the three parts of a queue in memory; null when an address is not wholly there or not aligned.</summary>
    public static Virtqueue? TryMap(GuestMemory memory, in Protocol.VringAddresses addresses, uint size, ushort next)
    {
        bool isSizeValid = size is > 0 and <= MaxSize && (size & (size - 1)) == 0;
        bool isAligned = addresses.Descriptors % 16 == 0 && addresses.Available % 2 == 0 && addresses.Used % 4 == 0;
        return isSizeValid && isAligned
            && memory.TryTranslateUser(addresses.Descriptors, DescriptorBytes * size, out GuestRange descriptors)
            && memory.TryTranslateUser(addresses.Available, RingHeaderBytes + (2 * size), out GuestRange available)
            && memory.TryTranslateUser(addresses.Used, RingHeaderBytes + (UsedElementBytes * size), out GuestRange used)
            ? new Virtqueue(memory, descriptors, available, used, (ushort)size, next)
            : null;
    }

    /// <summary>Takes the next chain, whose buffers must all be of one direction.</summary>
    public PopResult Pop(DescriptorChain chain, QueueDirection direction)
    {
        if (IsBroken)
        {
            return PopResult.Broken;
        }

        ushort waiting = unchecked((ushort)(AvailableIndex - NextAvailable));
        if (waiting == 0)
        {
            return PopResult.Empty;
        }

        // More waiting than the ring has entries: the guest's index jumped.
        int entry = RingHeaderBytes + (2 * (NextAvailable % _size));
        if (waiting > _size || !TryFollow(BinaryPrimitives.ReadUInt16LittleEndian(_available.Span[entry..]), chain, direction))
        {
            IsBroken = true;
            return PopResult.Broken;
        }

        NextAvailable = unchecked((ushort)(NextAvailable + 1));
        return PopResult.Chain;
    }

    /// <summary>Puts back the chain that was taken last.</summary>
    public void Unpop() => NextAvailable = unchecked((ushort)(NextAvailable - 1));

    /// <summary>Gives a chain back to the guest.</summary>
    /// <param name="head">The chain's number.</param>
    /// <param name="written">How many bytes were written into it.</param>
    public void Push(ushort head, int written)
    {
        Span<byte> element = _used.Span.Slice(RingHeaderBytes + (UsedElementBytes * (_nextUsed % _size)), UsedElementBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(element, head);
        BinaryPrimitives.WriteUInt32LittleEndian(element[4..], (uint)written);
        _nextUsed = unchecked((ushort)(_nextUsed + 1));
        _used.Mapping.WriteUInt16Release(_used.Offset + 2, _nextUsed);
        _hasUnsignalled = true;
    }

    /// <summary>Asks the guest for a kick when it makes something available, or not to bother. After asking, look at the ring again.</summary>
    public void WantKicks(bool wanted)
    {
        _used.Mapping.WriteUInt16Release(_used.Offset, wanted ? (ushort)0 : NoNotifyFlag);

        // The flag must be seen before our next look at the index, or both sides wait for each other (2.7.10.1).
        Interlocked.MemoryBarrier();
    }

    /// <summary>Whether the guest is owed an interrupt for what was pushed since the last call.</summary>
    public bool TakeSignal()
    {
        if (!_hasUnsignalled)
        {
            return false;
        }

        _hasUnsignalled = false;

        // The index must be seen before we look at the guest's flag (2.7.7.1).
        Interlocked.MemoryBarrier();
        return (_available.Mapping.ReadUInt16Acquire(_available.Offset) & NoInterruptFlag) == 0;
    }

    /// <summary>Collects a chain's buffers. False: an index or an address outside, a loop, or buffers of the wrong direction.</summary>
    private bool TryFollow(ushort head, DescriptorChain chain, QueueDirection wanted)
    {
        chain.Begin(head);
        GuestRange table = _descriptors;
        uint entries = _size;
        uint index = head;
        bool isIndirect = false;

        // A chain has at most as many buffers as the queue has entries: that bounds loops, in an indirect table too.
        while (index < entries && chain.Count < _size)
        {
            Descriptor descriptor = Descriptor.Read(table.Span[(int)(index * DescriptorBytes)..]);
            if ((descriptor.Flags & IndirectFlag) != 0)
            {
                if (isIndirect || !TryEnter(descriptor, out table))
                {
                    return false;
                }

                isIndirect = true;
                entries = descriptor.Length / DescriptorBytes;
                index = 0;
                continue;
            }

            QueueDirection direction = (descriptor.Flags & WriteFlag) != 0 ? QueueDirection.ToGuest : QueueDirection.FromGuest;
            if (direction != wanted || !_memory.TryTranslate(descriptor.Address, descriptor.Length, out GuestRange buffer))
            {
                return false;
            }

            chain.Add(buffer);
            if ((descriptor.Flags & NextFlag) == 0)
            {
                return true;
            }

            index = descriptor.Next;
        }

        return false;
    }

    /// <summary>Finds an indirect table, which ends the chain that points to it (2.7.5.3).</summary>
    private bool TryEnter(in Descriptor descriptor, out GuestRange table)
    {
        table = default;
        return (descriptor.Flags & NextFlag) == 0
            && descriptor.Length % DescriptorBytes == 0
            && _memory.TryTranslate(descriptor.Address, descriptor.Length, out table);
    }

    /// <summary><c>struct virtq_desc</c>, copied out of the guest's memory.</summary>
    private readonly record struct Descriptor(ulong Address, uint Length, ushort Flags, ushort Next)
    {
        public static Descriptor Read(ReadOnlySpan<byte> source) => new(
            BinaryPrimitives.ReadUInt64LittleEndian(source),
            BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[14..]));
    }
}
