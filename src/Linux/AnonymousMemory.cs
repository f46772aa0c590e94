using System.Buffers;
using System.Globalization;
using static Init.Linux.Headers.sys_mman_h;

namespace Init.Linux;

/// <summary>Memory straight from the kernel, for large buffers: zeros, a page given when it is first touched, all back on Dispose.</summary>
/// <remarks>
/// mmap(2) with MAP_NORESERVE: what is reserved costs nothing until it is written. Never in a core dump. Two rules for the owner:
/// dispose when no span of it is in use (a pin delays the unmapping, a span cannot), and do dispose: there is no finalizer, for it
/// could run while a span is all that is left.
/// </remarks>
public sealed unsafe class AnonymousMemory : MemoryManager<byte>
{
    private readonly Lock _lock = new();
    private readonly int _lengthBytes;
    private byte* _start;
    private int _pins;
    private bool _isDisposed;

    /// <summary>Reserves memory.</summary>
    /// <param name="lengthBytes">How much, at least 1.</param>
    /// <param name="hugePages">Asks for 2 MiB pages (MADV_HUGEPAGE): fewer faults, more given at a touch.</param>
    /// <exception cref="LinuxException">ENOMEM: no address space, or the overcommit policy refuses.</exception>
    public AnonymousMemory(int lengthBytes, bool hugePages = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        nint address = mmap(null, (nuint)lengthBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (address == MAP_FAILED)
        {
            throw LinuxException.FromLastError(string.Create(CultureInfo.InvariantCulture, $"reserve {lengthBytes} bytes"));
        }

        _start = (byte*)address;
        _lengthBytes = lengthBytes;

        // Advice: a kernel without the feature says EINVAL, and nothing is lost.
        _ = madvise(_start, (nuint)lengthBytes, MADV_DONTDUMP);
        if (hugePages)
        {
            _ = madvise(_start, (nuint)lengthBytes, MADV_HUGEPAGE);
        }
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        // Sound: mapped until Dispose, after which this throws.
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new Span<byte>(_start, _lengthBytes);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, _lengthBytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _pins++;
            return new MemoryHandle(_start + elementIndex, pinnable: this);
        }
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        lock (_lock)
        {
            _pins--;
            UnmapWhenUnused();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _isDisposed = true;
            UnmapWhenUnused();
        }
    }

    private void UnmapWhenUnused()
    {
        if (_isDisposed && _pins == 0 && _start is not null)
        {
            _ = munmap(_start, (nuint)_lengthBytes);
            _start = null;
        }
    }
}
