using System.Text;

namespace Init.Linux;

/// <summary>What is mapped into this process: proc(5), /proc/self/maps.</summary>
public static class MemoryMap
{
    private const string File = "/proc/self/maps";

    // Longer than the longest line, which ends with a path. Each read gives whole lines, a page of them at most.
    private const int BufferBytes = 8192;

    /// <summary>The mappings that can be written and executed, a line of the file each. There must be none.</summary>
    /// <exception cref="LinuxException">/proc is not mounted (ENOENT) and others.</exception>
    public static IReadOnlyList<string> FindWritableAndExecutable()
    {
        List<string> found = [];
        Span<byte> buffer = stackalloc byte[BufferBytes];
        using var file = new KernelDescriptor(FileSystem.Open(File, OpenOptions.ReadOnly | OpenOptions.NonBlocking));
        int kept = 0;
        while (true)
        {
            IoResult result = DescriptorIo.Read(file, buffer[kept..]);
            if (result.Status == IoStatus.EndOfStream)
            {
                Judge(buffer[..kept], found);
                return found;
            }

            if (!result.IsDone)
            {
                throw new LinuxException($"read {File}", result.Errno);
            }

            kept = Judge(buffer, kept + result.Count, found);
        }
    }

    // "7f12c0000000-7f12c0021000 rw-p 00000000 00:00 0"
    internal static bool IsWritableAndExecutable(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> permissions = line[(line.IndexOf((byte)' ') + 1)..];
        return permissions.Length == line.Length || permissions.Length < 4 || (permissions[1] == 'w' && permissions[2] == 'x');
    }

    // The lines that are whole; what is left of the last one moves to the start.
    private static int Judge(Span<byte> buffer, int length, List<string> found)
    {
        int start = 0;
        while (buffer[start..length].IndexOf((byte)'\n') is >= 0 and int lineBytes)
        {
            Judge(buffer.Slice(start, lineBytes), found);
            start += lineBytes + 1;
        }

        if (start == 0 && length == buffer.Length)
        {
            throw new LinuxException($"read a line of {File}", Errno.EFBIG);
        }

        buffer[start..length].CopyTo(buffer);
        return length - start;
    }

    private static void Judge(ReadOnlySpan<byte> line, List<string> found)
    {
        if (!line.IsEmpty && IsWritableAndExecutable(line))
        {
            found.Add(Encoding.UTF8.GetString(line));
        }
    }
}
