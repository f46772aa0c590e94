using System.Runtime.InteropServices;
using System.Text;
using Init.Linux.Headers;
using static Init.Linux.Headers.fcntl_h;

namespace Init.Linux;

/// <summary>Mounts, folders, and files so small that one call reads them. Nothing here waits for a device.</summary>
public static class FileSystem
{
    /// <summary>Opens what exists. Never creates.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES, ENXIO and others.</exception>
    public static unsafe FileDescriptor Open(string path, OpenOptions flags)
    {
        fixed (byte* name = NullTerminated(path))
        {
            int number;
            do
            {
                number = open(name, (int)flags | O_CLOEXEC | O_NOCTTY, 0);
            }
            while (number < 0 && LinuxException.LastErrno() == Errno.EINTR);

            return FileDescriptor.FromCall(number, $"open {path}");
        }
    }

    /// <summary>Opens a console so that no write to it ever waits, and it does not become our terminal.</summary>
    /// <remarks>n_tty's write sleeps without limit when the device has no room; with O_NONBLOCK it says EAGAIN or is short.</remarks>
    /// <exception cref="LinuxException">ENODEV where the kernel has no console.</exception>
    public static KernelDescriptor OpenConsole(string path) => new(Open(path, OpenOptions.WriteOnly | OpenOptions.NonBlocking));

    /// <summary>Makes descriptors 0, 1 and 2 copies of one: dup2(2). They stay open until the process ends.</summary>
    /// <exception cref="LinuxException">EBADF and others.</exception>
    public static void PointStandardStreamsAt(FileDescriptor descriptor)
    {
        for (int number = 0; number <= 2; number++)
        {
            while (unistd_h.dup2(descriptor, number) < 0)
            {
                // EBUSY: the kernel met an open(2) that had not finished taking this number.
                if (LinuxException.LastErrno() is not (Errno.EINTR or Errno.EBUSY))
                {
                    throw LinuxException.FromLastError("replace the standard streams");
                }
            }
        }
    }

    /// <summary>Mounts a file system: mount(2).</summary>
    /// <returns>True when it was mounted; false when the same file system is there already (EBUSY), which after another init is as good.</returns>
    /// <remarks>devtmpfs and sysfs have one instance and say EBUSY; proc since 5.8 and tmpfs are made anew each time, over the other.</remarks>
    /// <exception cref="LinuxException">Any other failure.</exception>
    public static unsafe bool Mount(string source, string target, string type, MountOptions flags = MountOptions.None, string options = "")
    {
        fixed (byte* sourceName = NullTerminated(source), targetName = NullTerminated(target), typeName = NullTerminated(type),
            data = NullTerminated(options))
        {
            if (sys_mount_h.mount(sourceName, targetName, typeName, (nuint)flags, data) == 0)
            {
                return true;
            }

            return LinuxException.LastErrno() == Errno.EBUSY ? false : throw LinuxException.FromLastError($"mount {target}");
        }
    }

    /// <summary>Gives what is mounted somewhere other flags: mount(2), MS_REMOUNT.</summary>
    /// <param name="target">Where it is mounted.</param>
    /// <param name="flags">All flags that it has from now on; with <see cref="MountOptions.Bind"/>, of this mount alone.</param>
    /// <exception cref="LinuxException">EBUSY: a file is open for writing; EINVAL: nothing is mounted there.</exception>
    public static void Remount(string target, MountOptions flags)
    {
        if (!Mount("none", target, "none", flags | MountOptions.Remount))
        {
            throw new LinuxException($"remount {target}", Errno.EBUSY);
        }
    }

    /// <summary>Unmounts a file system, at once for those who look and as soon as nobody uses it for the rest (MNT_DETACH).</summary>
    /// <exception cref="LinuxException">EINVAL (nothing is mounted there) and others.</exception>
    public static unsafe void Unmount(string target)
    {
        fixed (byte* name = NullTerminated(target))
        {
            if (sys_mount_h.umount2(name, sys_mount_h.MNT_DETACH) < 0)
            {
                throw LinuxException.FromLastError($"unmount {target}");
            }
        }
    }

    /// <summary>Makes one folder: mkdir(2).</summary>
    /// <param name="path">Its path; the folder above exists.</param>
    /// <param name="mode">Its permissions, before the umask.</param>
    /// <returns>False when the path exists already.</returns>
    /// <exception cref="LinuxException">Any other failure.</exception>
    public static unsafe bool MakeFolder(string path, UnixFileMode mode)
    {
        fixed (byte* name = NullTerminated(path))
        {
            if (sys_stat_h.mkdir(name, (uint)mode) == 0)
            {
                return true;
            }

            return LinuxException.LastErrno() == Errno.EEXIST ? false : throw LinuxException.FromLastError($"make the folder {path}");
        }
    }

    /// <summary>Reads a whole small file, from /proc or /sys say.</summary>
    /// <param name="path">The file.</param>
    /// <param name="buffer">Larger than the file.</param>
    /// <returns>The file's bytes, at the buffer's start.</returns>
    /// <exception cref="LinuxException">EFBIG when the file fills the buffer; ENOENT and others.</exception>
    public static Span<byte> ReadSmallFile(string path, Span<byte> buffer)
    {
        using var file = new KernelDescriptor(Open(path, OpenOptions.ReadOnly | OpenOptions.NonBlocking));
        int total = 0;
        while (total < buffer.Length)
        {
            IoResult result = DescriptorIo.Read(file, buffer[total..]);
            if (result.Status == IoStatus.EndOfStream)
            {
                return buffer[..total];
            }

            if (!result.IsDone)
            {
                throw new LinuxException($"read {path}", result.Errno);
            }

            total += result.Count;
        }

        throw new LinuxException($"read {path}", Errno.EFBIG);
    }

    /// <summary>Reads a small text file of at most 4,095 bytes, without the white space around it.</summary>
    /// <exception cref="LinuxException">EFBIG, ENOENT and others.</exception>
    public static string ReadSmallText(string path) => Encoding.UTF8.GetString(ReadSmallFile(path, stackalloc byte[4096])).Trim();

    /// <summary>Writes a setting to a file that exists, in one write as /proc and /sys want it.</summary>
    /// <exception cref="LinuxException">EINVAL, EACCES and others; EIO when it was taken in part.</exception>
    public static void WriteSetting(string path, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        using var file = new KernelDescriptor(Open(path, OpenOptions.WriteOnly | OpenOptions.NonBlocking));
        IoResult result = DescriptorIo.Write(file, bytes);
        if (!result.IsDone || result.Count != bytes.Length)
        {
            throw new LinuxException($"write {path}", result.IsDone ? Errno.EIO : result.Errno);
        }
    }

    /// <summary>Where a symbolic link points: readlink(2).</summary>
    /// <exception cref="LinuxException">EINVAL (no link), ENOENT and others.</exception>
    public static unsafe string ReadLink(string path)
    {
        // readlink(2) cuts silently, but no link is longer than PATH_MAX allows: 4,095 bytes.
        Span<byte> buffer = stackalloc byte[4096];
        fixed (byte* name = NullTerminated(path), start = buffer)
        {
            nint count = unistd_h.readlink(name, start, (nuint)buffer.Length);
            return count < 0 ? throw LinuxException.FromLastError($"read the link {path}") : Encoding.UTF8.GetString(buffer[..(int)count]);
        }
    }

    /// <summary>The text in UTF-8 with a NUL after it. Text with a NUL in it would mean something else to the kernel: refused.</summary>
    internal static byte[] NullTerminated(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('\0'))
        {
            throw new ArgumentException("a NUL inside", nameof(text));
        }

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
