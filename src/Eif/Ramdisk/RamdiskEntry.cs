namespace Init.Eif;

/// <summary>One file, folder, link or node of a ramdisk.</summary>
/// <param name="Path">As it stands in the archive. As untrusted as the file: it may hold control characters.</param>
/// <param name="Mode">Type and permissions (inode(7)).</param>
/// <param name="SizeBytes">The size of its content.</param>
/// <param name="Sha384">The digest of a file's bytes or a symbolic link's target, lower-case hexadecimal; null for others.</param>
/// <param name="DeviceMajor">A node's major number.</param>
/// <param name="DeviceMinor">A node's minor number.</param>
/// <param name="Archive">How its archive stands in the ramdisk.</param>
public sealed record RamdiskEntry(
    string Path, uint Mode, long SizeBytes, string? Sha384, uint DeviceMajor, uint DeviceMinor, RamdiskArchive Archive)
{
    /// <summary>Whether it is a device's node, and its numbers say which.</summary>
    public bool IsNode => (Mode & Cpio.TypeMask) is Cpio.CharacterDevice or Cpio.BlockDevice;

    /// <summary>Whether its archive is compressed.</summary>
    public bool IsCompressed => Archive != RamdiskArchive.Plain;

    /// <summary>How its archive stands in the ramdisk, for people.</summary>
    public string ArchiveText => Archive switch
    {
        RamdiskArchive.Gzip => "gzip",
        RamdiskArchive.Lz4 => "lz4",
        _ => "as is",
    };

    /// <summary>Type and permissions as ls(1) writes them: <c>-rwxr-xr-x</c>.</summary>
    public string ModeText
    {
        get
        {
            char type = (Mode & Cpio.TypeMask) switch
            {
                Cpio.RegularFile => '-',
                Cpio.Folder => 'd',
                Cpio.SymbolicLink => 'l',
                Cpio.CharacterDevice => 'c',
                Cpio.BlockDevice => 'b',
                _ => '?',
            };
            IEnumerable<char> permissions = Enumerable.Range(0, 9).Select(i => (Mode & (0x100u >> i)) != 0 ? "rwx"[i % 3] : '-');
            return type + string.Concat(permissions);
        }
    }
}
