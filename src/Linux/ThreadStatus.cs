using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>What one thread of this process may do: proc(5), /proc/self/task/N/status.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Inheritable">Capabilities for what it would execute, a bit each.</param>
/// <param name="Permitted">Capabilities that it has or may take.</param>
/// <param name="Effective">Capabilities that it has.</param>
/// <param name="Bounding">Capabilities that what it would execute could get.</param>
/// <param name="Ambient">Capabilities that would outlast an execution.</param>
/// <param name="HasNoNewPrivileges">Nothing that it would execute gains a privilege.</param>
/// <param name="IsFiltered">Its system calls go through a filter.</param>
public readonly record struct ThreadStatus(
    int Id,
    ulong Inheritable,
    ulong Permitted,
    ulong Effective,
    ulong Bounding,
    ulong Ambient,
    bool HasNoNewPrivileges,
    bool IsFiltered)
{
    private const string Folder = "/proc/self/task";
    private const int MaxFileBytes = 4096;
    private const ulong Filtered = 2; // SECCOMP_MODE_FILTER

    /// <summary>Every thread's. One that ends meanwhile is left out.</summary>
    /// <exception cref="LinuxException">/proc is not mounted (ENOENT), or not as it should be (EBADMSG).</exception>
    public static IReadOnlyList<ThreadStatus> ReadAll()
    {
        List<ThreadStatus> threads = [];
        Span<byte> buffer = stackalloc byte[MaxFileBytes];
        foreach (int id in ListThreads())
        {
            try
            {
                string file = string.Concat(Folder, "/", id.ToString(CultureInfo.InvariantCulture), "/status");
                threads.Add(Parse(id, FileSystem.ReadSmallFile(file, buffer)));
            }
            catch (LinuxException gone) when (gone.Errno is Errno.ENOENT or Errno.ESRCH)
            {
            }
        }

        return threads;
    }

    internal static ThreadStatus Parse(int id, ReadOnlySpan<byte> status) => new(
        id,
        Set(status, "\nCapInh:\t"u8),
        Set(status, "\nCapPrm:\t"u8),
        Set(status, "\nCapEff:\t"u8),
        Set(status, "\nCapBnd:\t"u8),
        Set(status, "\nCapAmb:\t"u8),
        Set(status, "\nNoNewPrivs:\t"u8) == 1,
        Set(status, "\nSeccomp:\t"u8) == Filtered);

    // A name that a thread gave itself, in the first line, cannot pass for a field: the kernel escapes the ends of lines in it.
    private static ulong Set(ReadOnlySpan<byte> status, ReadOnlySpan<byte> name)
    {
        int start = status.IndexOf(name);
        ReadOnlySpan<byte> value = start < 0 ? default : status[(start + name.Length)..];
        return Utf8Parser.TryParse(value, out ulong set, out int used, 'x') && (used == value.Length || value[used] == '\n')
            ? set
            : throw new LinuxException("read a thread's status", Errno.EBADMSG);
    }

    private static unsafe List<int> ListThreads()
    {
        const int bufferBytes = 4096;
        List<int> threads = [];
        using FileDescriptor folder = FileSystem.Open(Folder, OpenOptions.ReadOnly);
        ulong* buffer = stackalloc ulong[bufferBytes / sizeof(ulong)];
        nint count;
        while ((count = dirent_h.getdents64(folder, (byte*)buffer, bufferBytes)) > 0)
        {
            // Sound: the kernel has written whole records that end at count, each d_reclen long, with a NUL after its name.
            for (nint position = 0; position < count;)
            {
                dirent_h.dirent64* record = (dirent_h.dirent64*)((byte*)buffer + position);
                ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)&record->d_name);
                if (Utf8Parser.TryParse(name, out int id, out int used) && used == name.Length)
                {
                    threads.Add(id);
                }

                position += record->d_reclen;
            }
        }

        return count == 0 ? threads : throw LinuxException.FromLastError($"list {Folder}");
    }
}
