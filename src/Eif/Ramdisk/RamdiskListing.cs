namespace Init.Eif;

/// <summary>Collects entries under limits, since a few gzipped bytes can hold millions.</summary>
internal sealed class RamdiskListing
{
    private readonly List<RamdiskEntry> _entries = [];
    private long _namesBytes;

    public IReadOnlyList<RamdiskEntry> Entries => _entries;

    public void Add(RamdiskEntry entry)
    {
        _namesBytes += entry.Path.Length;
        if (_entries.Count == RamdiskReader.MaxEntries || _namesBytes > RamdiskReader.MaxNamesBytes)
        {
            throw new EifException(
                EifError.Ramdisk,
                $"list ramdisk: more than {RamdiskReader.MaxEntries} entries, or {RamdiskReader.MaxNamesBytes} bytes of names");
        }

        _entries.Add(entry);
    }
}
