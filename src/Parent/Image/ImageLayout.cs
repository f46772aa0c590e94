using System.Text;
using Init.Eif;

namespace Init.Parent.Image;

/// <summary>Where things stand in the enclave's root file system.</summary>
internal static class ImageLayout
{
    public const string Init = "/init";
    public const string CrsFolder = "/crs";

    /// <summary>What PID 1 compares the kernel's command line with: what the hypervisor appends to it is not measured.</summary>
    public const string CommandLine = "/cmdline";

    private const uint Executable = 0x1ed; // 0755
    private const uint Readable = 0x124; // 0444
    private const uint OwnerOnly = 0x180; // 0600

    private static readonly string[] MountPoints = ["/dev", "/proc", "/sys"];

    /// <summary>The points' files by Barretenberg's names: of a folder that it filled, its lock files do not go in.</summary>
    private const string CrsPattern = "*.dat";

    /// <param name="init">The program that is PID 1.</param>
    /// <param name="commandLine">The kernel's command line.</param>
    /// <param name="crs">A folder with the reference string; null for an image without.</param>
    /// <param name="files">More files, from this machine to a path in the image; executable when they are here.</param>
    /// <param name="compressCrs">Whether the points are compressed with the rest.</param>
    /// <param name="compression">How the rest is compressed.</param>
    public static Initramfs Create(
        string init, string commandLine, string? crs, IEnumerable<(string Host, string Guest)> files, bool compressCrs, RamdiskArchive compression)
    {
        Initramfs ramdisk = new(compression);
        foreach (string folder in MountPoints)
        {
            ramdisk.AddFolder(folder);
        }

        // Before PID 1 has mounted devtmpfs, its descriptors 0 to 2 are this node, or absent.
        ramdisk.AddCharacterDevice("/dev/console", OwnerOnly, major: 5, minor: 1);
        ramdisk.AddFile(Init, Executable, FileContent.FromFile(init));
        ramdisk.AddFile(CommandLine, Readable, FileContent.FromBytes(Encoding.ASCII.GetBytes(commandLine)));
        foreach (string points in crs is null ? [] : Directory.EnumerateFiles(crs, CrsPattern))
        {
            ramdisk.AddFile($"{CrsFolder}/{Path.GetFileName(points)}", Readable, FileContent.FromFile(points), compressCrs);
        }

        foreach ((string host, string guest) in files)
        {
            bool isProgram = File.GetUnixFileMode(host).HasFlag(UnixFileMode.UserExecute);
            ramdisk.AddFile(guest, isProgram ? Executable : Readable, FileContent.FromFile(host));
        }

        return ramdisk;
    }
}
