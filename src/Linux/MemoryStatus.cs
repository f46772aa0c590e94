using System.Buffers.Text;

namespace Init.Linux;

/// <summary>The machine's memory: /proc/meminfo, proc(5).</summary>
/// <param name="TotalBytes">All of it (MemTotal).</param>
/// <param name="AvailableBytes">What a new program could have without swapping (MemAvailable).</param>
public readonly record struct MemoryStatus(long TotalBytes, long AvailableBytes)
{
    private const int MaxFileBytes = 8192;

    /// <summary>Reads it now.</summary>
    /// <exception cref="LinuxException">/proc is not mounted (ENOENT), EMFILE, EBADMSG (a field is missing) and others.</exception>
    public static MemoryStatus Read()
    {
        ReadOnlySpan<byte> text = FileSystem.ReadSmallFile("/proc/meminfo", stackalloc byte[MaxFileBytes]);
        return new MemoryStatus(FieldBytes(text, "MemTotal:"u8), FieldBytes(text, "MemAvailable:"u8));
    }

    // A line such as "MemTotal:       24684212 kB".
    internal static long FieldBytes(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        int start = text.IndexOf(name);
        ReadOnlySpan<byte> value = start < 0 ? default : text[(start + name.Length)..].TrimStart((byte)' ');
        return Utf8Parser.TryParse(value, out long kibibytes, out _)
            ? kibibytes * 1024
            : throw new LinuxException("read /proc/meminfo", Errno.EBADMSG);
    }
}
