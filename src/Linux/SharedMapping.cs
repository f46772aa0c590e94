using System.Globalization;
using static Init.Linux.Headers.sys_mman_h;

namespace Init.Linux;

/// <summary>A part of a shared file in our memory: mmap(2). For virtio's rings and buffers, which another process writes meanwhile.</summary>
/// <remarks>
/// Every access is checked against the bounds. What is read may change between two reads: read once, then check. Whoever disposes this
/// owns it alone, for a span that outlives the mapping is a fault; so is an access beyond an end that the file's owner moved (SIGBUS):
/// map files of processes that are trusted that far.
/// </remarks>
public sealed unsafe class SharedMapping : IDisposable
{
    private readonly byte* _mapping;
    private readonly nuint _mappingBytes;
    private readonly byte* _start;
    private bool _isDisposed;

    /// <summary>Maps a part of a file for reading and writing.</summary>
    /// <param name="file">The file; it may be closed afterwards.</param>
    /// <param name="offset">Where the part starts; need not be a page's start.</param>
    /// <param name="lengthBytes">How long it is; at least 1.</param>
    /// <exception cref="LinuxException">ENOMEM, EACCES and others.</exception>
    public SharedMapping(FileDescriptor file, long offset, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, long.MaxValue - offset);
        long pageOffset = offset % Environment.SystemPageSize;
        _mappingBytes = (nuint)(lengthBytes + pageOffset);
        nint address = mmap(null, _mappingBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, offset - pageOffset);
        if (address == MAP_FAILED)
        {
            throw LinuxException.FromLastError(string.Create(CultureInfo.InvariantCulture, $"map {lengthBytes} shared bytes"));
        }

        _mapping = (byte*)address;
        _start = _mapping + pageOffset;
        Length = lengthBytes;
    }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>A part of the memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not all inside.</exception>
    public Span<byte> Span(long offset, int lengthBytes) => new(At(offset, lengthBytes), lengthBytes);

    /// <summary>Reads 16 bits, little-endian as this machine is; nothing that follows is read before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not all inside, or not at an even address.</exception>
    public ushort ReadUInt16Acquire(long offset) => Volatile.Read(ref *(ushort*)Aligned(offset, sizeof(ushort)));

    /// <summary>Writes 16 bits; everything written before is seen by whoever sees this.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not all inside, or not at an even address.</exception>
    public void WriteUInt16Release(long offset, ushort value) => Volatile.Write(ref *(ushort*)Aligned(offset, sizeof(ushort)), value);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _ = munmap(_mapping, _mappingBytes);
        }
    }

    private byte* Aligned(long offset, int lengthBytes)
    {
        byte* address = At(offset, lengthBytes);
        return (nuint)address % (nuint)lengthBytes == 0
            ? address
            : throw new ArgumentOutOfRangeException(nameof(offset), offset, "not aligned");
    }

    // Sound: offset is not negative, and offset + length, told without overflow, does not pass the end. A negative length is Span's to refuse.
    private byte* At(long offset, int lengthBytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (offset < 0 || offset > Length - lengthBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "outside of the mapping");
        }

        return _start + offset;
    }
}
