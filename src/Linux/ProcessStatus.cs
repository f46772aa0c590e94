using System.Buffers.Text;
using System.Runtime.InteropServices;
using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>What this process uses: getrusage(2) and proc(5). Reading it allocates next to nothing.</summary>
/// <param name="ResidentBytes">Memory in RAM now.</param>
/// <param name="PeakResidentBytes">The most that was ever in RAM.</param>
/// <param name="Descriptors">Open descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="VoluntarySwitches">How often a thread, of all that there were, waited for something.</param>
/// <param name="InvoluntarySwitches">How often one was put aside for another.</param>
/// <param name="ProcessorTime">Time in user code and in the kernel, of all threads that there were.</param>
public readonly record struct ProcessStatus(
    long ResidentBytes,
    long PeakResidentBytes,
    int Descriptors,
    int Threads,
    long VoluntarySwitches,
    long InvoluntarySwitches,
    TimeSpan ProcessorTime)
{
    /// <summary>Reads it now.</summary>
    /// <exception cref="LinuxException">/proc is not mounted (ENOENT), EMFILE and others.</exception>
    public static unsafe ProcessStatus Read()
    {
        // Sound: the kernel writes one rusage, which is on this stack.
        sys_resource_h.rusage usage;
        if (sys_resource_h.getrusage(sys_resource_h.RUSAGE_SELF, &usage) < 0)
        {
            throw LinuxException.FromLastError("read the process's usage");
        }

        long microseconds = ((usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000) + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
        return new ProcessStatus(
            ResidentBytes: ResidentPages() * Environment.SystemPageSize,
            PeakResidentBytes: usage.ru_maxrss * 1024,
            Descriptors: CountEntries("/proc/self/fd") - 1,
            Threads: CountEntries("/proc/self/task"),
            VoluntarySwitches: usage.ru_nvcsw,
            InvoluntarySwitches: usage.ru_nivcsw,
            ProcessorTime: TimeSpan.FromMicroseconds(microseconds));
    }

    /// <summary>How many names a folder has, without <c>.</c> and <c>..</c>.</summary>
    internal static unsafe int CountEntries(string path)
    {
        const int bufferBytes = 4096;
        using FileDescriptor folder = FileSystem.Open(path, OpenOptions.ReadOnly);
        ulong* buffer = stackalloc ulong[bufferBytes / sizeof(ulong)];
        int entries = 0;
        while (true)
        {
            nint count = dirent_h.getdents64(folder, (byte*)buffer, bufferBytes);
            if (count < 0)
            {
                throw LinuxException.FromLastError($"list {path}");
            }

            if (count == 0)
            {
                return entries - 2;
            }

            // Sound: the kernel has written whole records that end at count, each d_reclen long.
            for (nint position = 0; position < count; position += ((dirent_h.dirent64*)((byte*)buffer + position))->d_reclen)
            {
                entries++;
            }
        }
    }

    // proc(5), /proc/pid/statm: size, resident, ..
    private static long ResidentPages()
    {
        ReadOnlySpan<byte> text = FileSystem.ReadSmallFile("/proc/self/statm", stackalloc byte[256]);
        text = text[(text.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(text, out long pages, out _) ? pages : throw new LinuxException("read /proc/self/statm", Errno.EBADMSG);
    }
}
