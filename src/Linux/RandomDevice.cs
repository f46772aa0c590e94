using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Init.Linux.Headers;
using static Init.Linux.Headers.linux_random_h;
using static Init.Linux.Headers.sys_random_h;

namespace Init.Linux;

/// <summary>The kernel's random number generator: random(4), getrandom(2).</summary>
public sealed class RandomDevice : IDisposable
{
    /// <summary>The most bytes that one <see cref="Credit"/> takes.</summary>
    public const int MaxCreditBytes = 1024;

    private readonly FileDescriptor _device;

    /// <summary>Opens the device.</summary>
    /// <exception cref="LinuxException">ENOENT and others.</exception>
    public RandomDevice(string path = "/dev/random") => _device = FileSystem.Open(path, OpenOptions.ReadWrite | OpenOptions.NonBlocking);

    /// <summary>
    /// Whether the generator has been seeded, so that getrandom(2) gives without waiting. Draws one byte.
    /// </summary>
    /// <exception cref="LinuxException">ENOSYS and others.</exception>
    public static bool IsReady => TryFill(stackalloc byte[1]);

    /// <summary>Fills a buffer from the generator without waiting (GRND_NONBLOCK).</summary>
    /// <returns>False when the generator is not seeded yet; the buffer is then of no use.</returns>
    /// <exception cref="LinuxException">ENOSYS and others.</exception>
    public static unsafe bool TryFill(Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            // Sound: the kernel writes what is left of the buffer at most, which stays where it is until it has.
            fixed (byte* start = buffer[total..])
            {
                nint count = getrandom(start, (nuint)(buffer.Length - total), GRND_NONBLOCK);
                if (count > 0)
                {
                    total += (int)count;
                }
                else if (count == 0 || LinuxException.LastErrno() == Errno.EAGAIN)
                {
                    return false;
                }
                else if (LinuxException.LastErrno() != Errno.EINTR)
                {
                    throw LinuxException.FromLastError("draw random bytes");
                }
            }
        }

        return true;
    }

    /// <summary>Mixes bytes in and credits entropy for them (RNDADDENTROPY). A plain write would credit nothing.</summary>
    /// <param name="bytes">Secret random bytes, at most <see cref="MaxCreditBytes"/>.</param>
    /// <param name="entropyBits">The entropy in them, in bits: at most eight a byte.</param>
    /// <exception cref="LinuxException">EPERM (not root) and others.</exception>
    public unsafe void Credit(ReadOnlySpan<byte> bytes, int entropyBits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxCreditBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(entropyBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entropyBits, bytes.Length * 8);
        Span<byte> block = stackalloc byte[sizeof(rand_pool_info) + bytes.Length];
        MemoryMarshal.Write(block, new rand_pool_info { entropy_count = entropyBits, buf_size = bytes.Length });
        bytes.CopyTo(block[sizeof(rand_pool_info)..]);
        int outcome;

        // Sound: the kernel reads the header and buf_size bytes after it, which is the block.
        fixed (byte* start = block)
        {
            outcome = sys_ioctl_h.ioctl(_device, RNDADDENTROPY, start);
        }

        CryptographicOperations.ZeroMemory(block);
        if (outcome < 0)
        {
            throw LinuxException.FromLastError("credit entropy");
        }
    }

    /// <summary>The entropy that the kernel counts, in bits (RNDGETENTCNT); 256 once seeded.</summary>
    /// <exception cref="LinuxException">ENOTTY (not the device) and others.</exception>
    public unsafe int EntropyBits()
    {
        // Sound: the ioctl writes one int, which is on this stack.
        int bits = 0;
        return sys_ioctl_h.ioctl(_device, RNDGETENTCNT, &bits) < 0 ? throw LinuxException.FromLastError("read the entropy count") : bits;
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();
}
