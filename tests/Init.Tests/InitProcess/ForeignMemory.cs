using System.Globalization;

namespace Init.Init.Tests.InitProcess;

/// <summary>All readable memory of another process, through /proc/PID/mem; for a process's parent, or root.</summary>
internal static class ForeignMemory
{
    private const int WindowBytes = 4 << 20;

    /// <summary>In how many places any of the patterns is.</summary>
    public static int Count(int processId, IReadOnlyList<byte[]> patterns)
    {
        int overlap = patterns.Max(pattern => pattern.Length) - 1, found = 0;
        byte[] window = new byte[overlap + WindowBytes];
        using FileStream memory = new($"/proc/{processId}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach ((long start, long end) in Mappings(processId))
        {
            int carried = 0; // of the window before, fewer than a pattern: nothing is found twice
            for (long at = start; at < end;)
            {
                int read = Read(memory, window.AsSpan(carried, (int)Math.Min(WindowBytes, end - at)), at);
                if (read <= 0)
                {
                    break; // unmapped meanwhile
                }

                ReadOnlySpan<byte> known = window.AsSpan(0, carried + read);
                foreach (byte[] pattern in patterns)
                {
                    found += known[Math.Max(0, carried - pattern.Length + 1)..].Count(pattern);
                }

                carried = Math.Min(overlap, known.Length);
                known[^carried..].CopyTo(window);
                at += read;
            }
        }

        return found;
    }

    private static IEnumerable<(long Start, long End)> Mappings(int processId) => File.ReadAllLines($"/proc/{processId}/maps")
        .Where(line => line.Split(' ')[1].StartsWith('r') && !line.EndsWith("[vvar]", StringComparison.Ordinal) && !line.EndsWith("[vvar_vclock]", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[0].Split('-').Select(text => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray())
        .Where(range => range[0] > 0) // [vsyscall] is above the rest
        .Select(range => (range[0], range[1]));

    private static int Read(FileStream memory, Span<byte> target, long address)
    {
        try
        {
            return RandomAccess.Read(memory.SafeFileHandle, target, address);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
