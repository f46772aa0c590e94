using System.Globalization;

namespace Init.HygieneProbe;

/// <summary>Searches all readable memory of this process, through /proc/self/mem, for masked patterns.</summary>
internal sealed class MemorySearch(byte[] maskedPatterns)
{
    private const int PatternBytes = 32;
    private const byte Mask = 0xa5;
    private const int WindowBytes = 1 << 20;

    /// <summary>A pattern in clear: a copy that a search must find.</summary>
    public byte[] Pattern(int index) =>
        [.. maskedPatterns.AsSpan(index * PatternBytes, PatternBytes).ToArray().Select(b => (byte)(b ^ Mask))];

    /// <summary>Searches again and again until something is found.</summary>
    public Task<long> UntilFoundAsync(TimeSpan atMost) => Task.Run(() =>
    {
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < atMost)
        {
            long found = Count();
            if (found > 0)
            {
                return found;
            }
        }

        return 0;
    });

    /// <summary>The number of places that hold a pattern.</summary>
    public long Count()
    {
        // The window is masked right after reading, so it never holds a pattern that the search could find as its own.
        byte[] window = GC.AllocateUninitializedArray<byte>(WindowBytes + PatternBytes, pinned: true);
        using FileStream memory = new("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        long found = 0;
        foreach (string line in File.ReadAllLines("/proc/self/maps"))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[1].StartsWith('r') && !line.EndsWith("[vvar]", StringComparison.Ordinal))
            {
                string[] range = fields[0].Split('-');
                found += CountIn(memory, window, Hex(range[0]), Hex(range[1]));
            }
        }

        return found;
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private long CountIn(FileStream memory, byte[] window, ulong start, ulong end)
    {
        long found = 0;
        int carried = 0; // bytes at the window's start that the last one ended with
        for (ulong at = start; at < end;)
        {
            int wanted = (int)Math.Min(WindowBytes, end - at);
            int read = Read(memory, window.AsSpan(carried, wanted), (long)at);
            if (read <= 0)
            {
                break; // unmapped meanwhile
            }

            Span<byte> masked = window.AsSpan(0, carried + read);
            for (int i = carried; i < masked.Length; i++)
            {
                masked[i] ^= Mask;
            }

            found += Matches(masked);
            carried = Math.Min(PatternBytes - 1, masked.Length);
            masked[^carried..].CopyTo(window);
            at += (ulong)read;
        }

        return found;
    }

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

    private long Matches(ReadOnlySpan<byte> masked)
    {
        long found = 0;
        for (int p = 0; p < maskedPatterns.Length; p += PatternBytes)
        {
            ReadOnlySpan<byte> rest = masked;
            for (int at; (at = rest.IndexOf(maskedPatterns.AsSpan(p, PatternBytes))) >= 0; rest = rest[(at + 1)..])
            {
                found++;
            }
        }

        return found;
    }
}
