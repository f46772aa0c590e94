namespace Init.Eif;

/// <summary>What stands in an archive's header for one file, folder or node.</summary>
/// <param name="Path">Without a slash in front, as in every initramfs: <c>dev/console</c>.</param>
/// <param name="Mode">Type and permissions (inode(7)).</param>
/// <param name="Content">A file's bytes; null for all others.</param>
/// <param name="DeviceMajor">A node's major number.</param>
/// <param name="DeviceMinor">A node's minor number.</param>
internal sealed record CpioEntry(string Path, uint Mode, FileContent? Content = null, uint DeviceMajor = 0, uint DeviceMinor = 0);
