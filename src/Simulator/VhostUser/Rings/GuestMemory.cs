using Init.Linux;
using Init.Simulator.VhostUser.Protocol;

namespace Init.Simulator.VhostUser.Rings;

/// <summary>
/// The guest's memory as QEMU shares it. Every address that guest or QEMU name comes through here; one that is not wholly within a
/// region gives nothing. QEMU itself is trusted not to shorten the file under the mapping; the guest cannot. Owned by the back end's
/// thread.
/// </summary>
internal sealed class GuestMemory : IDisposable
{
    private readonly List<(MemoryRegion Region, SharedMapping Mapping)> _regions = [];

    /// <summary>Replaces all regions by new ones; on failure there are none.</summary>
    /// <param name="regions">What the message says.</param>
    /// <param name="descriptors">One for each region; they stay the caller's.</param>
    /// <exception cref="LinuxException">A mapping failed.</exception>
    public void Replace(IReadOnlyList<MemoryRegion> regions, IReadOnlyList<FileDescriptor> descriptors)
    {
        Clear();
        try
        {
            for (int i = 0; i < regions.Count; i++)
            {
                MemoryRegion region = regions[i];
                _regions.Add((region, new SharedMapping(descriptors[i], (long)region.FileOffset, (long)region.Bytes)));
            }
        }
        catch (LinuxException)
        {
            Clear();
            throw;
        }
    }

    /// <summary>Finds a guest physical address: what descriptors hold.</summary>
    public bool TryTranslate(ulong guestAddress, ulong bytes, out GuestRange range)
    {
        foreach ((MemoryRegion region, SharedMapping mapping) in _regions)
        {
            if (TryLocate(guestAddress, region.GuestAddress, region.Bytes, bytes, out long offset))
            {
                range = new GuestRange(mapping, offset, (int)bytes);
                return true;
            }
        }

        range = default;
        return false;
    }

    /// <summary>Finds an address of QEMU's: what SET_VRING_ADDR holds.</summary>
    public bool TryTranslateUser(ulong userAddress, ulong bytes, out GuestRange range)
    {
        foreach ((MemoryRegion region, SharedMapping mapping) in _regions)
        {
            if (TryLocate(userAddress, region.UserAddress, region.Bytes, bytes, out long offset))
            {
                range = new GuestRange(mapping, offset, (int)bytes);
                return true;
            }
        }

        range = default;
        return false;
    }

    /// <summary>Unmaps everything. No range may be used after it.</summary>
    public void Clear()
    {
        foreach ((_, SharedMapping mapping) in _regions)
        {
            mapping.Dispose();
        }

        _regions.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>Subtractions only, in an order in which none can wrap: an address near 2^64 must not come out small.</summary>
    private static bool TryLocate(ulong address, ulong start, ulong length, ulong bytes, out long offset)
    {
        offset = 0;
        if (address < start || address - start > length || bytes > length - (address - start) || bytes > int.MaxValue)
        {
            return false;
        }

        offset = (long)(address - start);
        return true;
    }
}
