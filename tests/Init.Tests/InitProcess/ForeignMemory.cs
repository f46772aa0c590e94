using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Init.Sealing;

namespace Init.Init.Tests.InitProcess;

/// <summary>All readable memory of another process, through /proc/PID/mem; for a process's parent, or root.</summary>
internal static class ForeignMemory
{
    private const int WindowBytes = 4 << 20;
    private const int ScalarBytes = 48; // P-384's

    /// <summary>In how many places any of the patterns is.</summary>
    public static int Count(int processId, IReadOnlyList<byte[]> patterns) => Find(processId, patterns).Count;

    /// <summary>Where any of the patterns is: its index, the address, the mapping's line.</summary>
    public static List<string> Find(int processId, IReadOnlyList<byte[]> patterns)
    {
        int overlap = patterns.Max(pattern => pattern.Length) - 1;
        List<string> found = [];
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
                for (int i = 0; i < patterns.Count; i++)
                {
                    int from = Math.Max(0, carried - patterns[i].Length + 1);
                    for (int place; (place = known[from..].IndexOf(patterns[i])) >= 0; from += place + 1)
                    {
                        found.Add(string.Create(CultureInfo.InvariantCulture, $"{i} at {at - carried + from + place:x} in {start:x}-{end:x}"));
                    }
                }

                carried = Math.Min(overlap, known.Length);
                known[^carried..].CopyTo(window);
                at += read;
            }
        }

        return found;
    }

    /// <summary>
    /// The private half of a P-384 key as a number of OpenSSL's: 64-bit words, the lowest first, at the beginning of a block of malloc. Of what
    /// looks like one, that which gives the public half.
    /// </summary>
    /// <param name="processId">Where.</param>
    /// <param name="publicKey">SubjectPublicKeyInfo.</param>
    /// <returns>Little-endian; null: there is none.</returns>
    public static byte[]? FindScalar(int processId, byte[] publicKey)
    {
        byte[] window = new byte[WindowBytes];
        HashSet<string> tried = [];
        using FileStream memory = new($"/proc/{processId}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach ((long start, long end) in Mappings(processId))
        {
            for (long at = start; at < end; at += WindowBytes - (2 * ScalarBytes))
            {
                int read = Read(memory, window.AsSpan(0, (int)Math.Min(WindowBytes, end - at)), at);
                ReadOnlySpan<byte> known = window.AsSpan(0, Math.Max(0, read));
                for (int place = 16; place + ScalarBytes <= known.Length; place += 16)
                {
                    byte[] scalar;
                    if (LooksLikeOne(known[(place - 8)..]) && tried.Add(Convert.ToHexString(scalar = known.Slice(place, ScalarBytes).ToArray()))
                        && IsPrivateHalf(scalar, publicKey))
                    {
                        return scalar;
                    }
                }
            }
        }

        return null;
    }

    // malloc's size of the block stands before it; a random number has no word that looks like a small number or an address.
    private static bool LooksLikeOne(ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(block[..(8 + ScalarBytes)]);
        return words[0] is > 0x20 and < 0x200 && !words[1..].ContainsAnyInRange(0UL, (1UL << 48) - 1);
    }

    private static bool IsPrivateHalf(byte[] scalar, byte[] publicKey)
    {
        try
        {
            using HpkePrivateKey key = HpkePrivateKey.FromScalar(HpkeSuite.P384Sha384Aes256, [.. scalar.Reverse()]);
            return key.SubjectPublicKeyInfo.Span.SequenceEqual(publicKey);
        }
        catch (CryptographicException)
        {
            return false; // not below the order
        }
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
