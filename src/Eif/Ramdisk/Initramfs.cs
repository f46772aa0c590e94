using System.IO.Compression;

namespace Init.Eif;

/// <summary>
/// A ramdisk to be written: what the kernel unpacks into its root file system. The same entries, in whatever order they were added,
/// give the same bytes.
/// </summary>
/// <remarks>
/// Two archives, one behind the other, as the kernel allows: the first compressed, the second as it is. What does not compress (the CRS is
/// curve points, as good as random) goes into the second, so that boot does not pay for unpacking it; docs/decisions has the numbers.
/// </remarks>
/// <param name="compression">Gzip, which every kernel unpacks, or Lz4, which is larger and unpacks in a fraction of the time.</param>
public sealed class Initramfs(RamdiskArchive compression = RamdiskArchive.Gzip)
{
    private const uint MaxPermissions = 0xfff;
    private const uint FolderPermissions = 0x1ed; // 0755

    private readonly SortedDictionary<string, (CpioEntry Entry, bool IsCompressed)> _entries = new(StringComparer.Ordinal);

    /// <summary>Adds a file, and the folders above it.</summary>
    /// <param name="path">Where, from the root on: <c>/init</c>.</param>
    /// <param name="permissions">Its permission bits.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="isCompressed">Whether it goes into the compressed archive.</param>
    /// <exception cref="EifException"><see cref="EifError.InvalidInput"/>: a path that is none, or is taken; more than 4 GiB.</exception>
    public void AddFile(string path, uint permissions, FileContent content, bool isCompressed = true)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.SizeBytes is < 0 or > uint.MaxValue)
        {
            throw Refused(path, $"{content.SizeBytes} bytes, cpio has room for {uint.MaxValue}");
        }

        Add(new CpioEntry(Checked(path), Cpio.RegularFile | CheckedPermissions(path, permissions), content), isCompressed);
    }

    /// <summary>Adds a folder, and those above it. The folders of files need not be added.</summary>
    /// <exception cref="EifException"><see cref="EifError.InvalidInput"/>: a path that is none, or is taken.</exception>
    public void AddFolder(string path) => Add(new CpioEntry(Checked(path), Cpio.Folder | FolderPermissions), isCompressed: true);

    /// <summary>Adds a character device's node.</summary>
    /// <exception cref="EifException"><see cref="EifError.InvalidInput"/>: a path that is none, or is taken.</exception>
    public void AddCharacterDevice(string path, uint permissions, uint major, uint minor) => Add(
        new CpioEntry(
            Checked(path), Cpio.CharacterDevice | CheckedPermissions(path, permissions), DeviceMajor: major, DeviceMinor: minor),
        isCompressed: true);

    /// <summary>Writes the ramdisk; a <see cref="SectionBody"/>.</summary>
    /// <exception cref="EifException">A file changed its size since it was added.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void WriteTo(Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        long start = target.Position;
        uint inode = 1;
        if (Entries(isCompressed: true) is { Count: > 0 } compressed)
        {
            using (Stream packer = Compress(target))
            {
                WriteArchive(packer, compressed, ref inode);
            }
        }

        if (Entries(isCompressed: false) is { Count: > 0 } plain)
        {
            if (compression == RamdiskArchive.Lz4 && target.Position > start)
            {
                target.Write(Lz4Frame.End);
            }

            // The kernel takes an archive that is not compressed only at a multiple of four (init/initramfs.c).
            target.Write(Cpio.PaddingAt(target.Position - start));
            WriteArchive(target, plain, ref inode);
        }
    }

    // zlib's output depends on its version alone, not on the processor: checked under emulated ones, as LZ4's is.
    private Stream Compress(Stream target) => compression == RamdiskArchive.Lz4
        ? new Lz4Writer(target)
        : new GZipStream(target, CompressionLevel.SmallestSize, leaveOpen: true);

    private static void WriteArchive(Stream target, List<CpioEntry> entries, ref uint inode)
    {
        CpioWriter writer = new(target);
        foreach (CpioEntry entry in entries)
        {
            writer.Write(entry, inode++);
        }

        writer.Finish();
    }

    /// <summary>One archive's entries in order, the folders that they need included.</summary>
    private List<CpioEntry> Entries(bool isCompressed)
    {
        SortedDictionary<string, CpioEntry> entries = new(StringComparer.Ordinal);
        foreach ((CpioEntry entry, bool _) in _entries.Values.Where(e => e.IsCompressed == isCompressed))
        {
            entries.Add(entry.Path, entry);
            foreach (string folder in FoldersAbove(entry.Path))
            {
                entries.TryAdd(folder, new CpioEntry(folder, Cpio.Folder | FolderPermissions));
            }
        }

        return [.. entries.Values];
    }

    private void Add(CpioEntry entry, bool isCompressed)
    {
        bool isFolder = (entry.Mode & Cpio.TypeMask) == Cpio.Folder;
        if (!_entries.TryAdd(entry.Path, (entry, isCompressed)))
        {
            throw Refused($"/{entry.Path}", "it is there already");
        }

        foreach (string folder in FoldersAbove(entry.Path))
        {
            if (_entries.TryGetValue(folder, out (CpioEntry Entry, bool) above) && (above.Entry.Mode & Cpio.TypeMask) != Cpio.Folder)
            {
                throw Refused($"/{entry.Path}", $"/{folder} is no folder");
            }
        }

        if (!isFolder && _entries.Keys.Any(path => path.StartsWith(entry.Path + "/", StringComparison.Ordinal)))
        {
            throw Refused($"/{entry.Path}", "it is a folder already");
        }
    }

    private static IEnumerable<string> FoldersAbove(string path)
    {
        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    private static string Checked(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        bool isPath = path.Length is > 1 and < Cpio.MaxNameBytes
            && path[0] == '/'
            && !path.AsSpan().ContainsAnyExceptInRange('!', '~')
            && path[1..] != Cpio.Trailer
            && path[1..].Split('/').All(part => part is not ("" or "." or ".."));
        return isPath
            ? path[1..]
            : throw Refused(path, "not a path from the root on, of printable ASCII, without empty parts, '.' and '..'");
    }

    private static uint CheckedPermissions(string path, uint permissions) => permissions <= MaxPermissions
        ? permissions
        : throw Refused(path, $"permissions {permissions:x} have more than twelve bits");

    private static EifException Refused(string path, string cause) => new(EifError.InvalidInput, $"add {path} to the ramdisk: {cause}");
}
