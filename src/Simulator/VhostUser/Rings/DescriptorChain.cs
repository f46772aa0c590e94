using System.Runtime.InteropServices;

namespace Init.Simulator.VhostUser.Rings;

/// <summary>One chain of buffers that the guest has made available, all checked. Reused from chain to chain.</summary>
internal sealed class DescriptorChain
{
    private readonly List<GuestRange> _ranges = [];

    /// <summary>The number under which it goes back.</summary>
    public ushort Head { get; private set; }

    /// <summary>The bytes of all buffers.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many buffers there are.</summary>
    public int Count => _ranges.Count;

    /// <summary>The buffers in order.</summary>
    public ReadOnlySpan<GuestRange> Ranges => CollectionsMarshal.AsSpan(_ranges);

    /// <summary>Starts anew.</summary>
    public void Begin(ushort head)
    {
        _ranges.Clear();
        Head = head;
        Bytes = 0;
    }

    /// <summary>Adds a buffer.</summary>
    public void Add(GuestRange range)
    {
        _ranges.Add(range);
        Bytes += range.Length;
    }

    /// <summary>Copies the first bytes out, once: what is looked at afterwards the guest can no longer change. False: it is too short.</summary>
    public bool TryCopyTo(Span<byte> destination)
    {
        foreach (GuestRange range in Ranges)
        {
            int count = Math.Min(range.Length, destination.Length);
            range.Span[..count].CopyTo(destination);
            destination = destination[count..];
        }

        return destination.IsEmpty;
    }

    /// <summary>Copies bytes into the first buffers, which are long enough.</summary>
    public void CopyFrom(ReadOnlySpan<byte> source)
    {
        foreach (GuestRange range in Ranges)
        {
            int count = Math.Min(range.Length, source.Length);
            source[..count].CopyTo(range.Span);
            source = source[count..];
        }
    }

    /// <summary>
    /// The part of a buffer that lies in the chain's bytes from <paramref name="start"/> to <paramref name="end"/>; empty where none does.
    /// </summary>
    /// <param name="index">Which buffer.</param>
    /// <param name="bufferStart">How many bytes the buffers before it have.</param>
    /// <param name="start">The first byte wanted.</param>
    /// <param name="end">One behind the last byte wanted.</param>
    public Span<byte> Part(int index, long bufferStart, long start, long end)
    {
        GuestRange range = _ranges[index];
        long from = Math.Clamp(start - bufferStart, 0, range.Length);
        long to = Math.Clamp(end - bufferStart, from, range.Length);
        return range.Span[(int)from..(int)to];
    }
}
