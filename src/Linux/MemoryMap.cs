using System.Text;

namespace Init.Linux;

/// <summary>What is mapped into this process: proc(5), /proc/self/maps.</summary>
public static class MemoryMap
{
    private const int MaxFileBytes = 1 << 20;

    /// <summary>The mappings that can be written and executed, a line of the file each. There must be none.</summary>
    /// <exception cref="LinuxException">/proc is not mounted (ENOENT) and others.</exception>
    public static IReadOnlyList<string> FindWritableAndExecutable()
    {
        string text = Encoding.UTF8.GetString(FileSystem.ReadSmallFile("/proc/self/maps", new byte[MaxFileBytes]));
        return [.. text.Split('\n').Where(line => line.Length > 0 && IsWritableAndExecutable(line))];
    }

    // "7f12c0000000-7f12c0021000 rw-p 00000000 00:00 0"
    internal static bool IsWritableAndExecutable(string line)
    {
        string[] fields = line.Split(' ', 3);
        return fields.Length < 2 || (fields[1].Contains('w', StringComparison.Ordinal) && fields[1].Contains('x', StringComparison.Ordinal));
    }
}
