using System.Buffers.Binary;
using System.IO.Compression;

namespace Init.Eif;

/// <summary>The content of one member of a gzip file (RFC 1952) inside of a stream that goes on behind it.</summary>
/// <remarks>
/// .NET's DeflateStream does not say where the deflated data ended, and it must be known to the byte: what the kernel finds next begins
/// there. So a first pass with pieces finds the piece in which it ends, and in the second that piece is fed a byte at a time.
/// </remarks>
internal sealed class GzipMember : ForwardStream
{
    public const byte FirstByte = 0x1f;

    private const int FixedHeaderBytes = 10;
    private const int TrailerBytes = 8;
    private const int MaxNameBytes = 4096;
    private const byte DeflateMethod = 8;
    private const int FlagsOffset = 3;
    private const byte NameFlag = 8;

    private readonly Stream _below;
    private readonly long _maxUnpackedBytes;
    private readonly DeflateFeed _feed;
    private readonly DeflateStream _deflate;
    private Crc32 _crc;
    private long _unpackedBytes;

    private GzipMember(Stream below, DeflateFeed feed, long maxUnpackedBytes)
    {
        _below = below;
        _maxUnpackedBytes = maxUnpackedBytes;
        _feed = feed;
        _deflate = new DeflateStream(feed, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>Opens the member that begins at <paramref name="start"/>.</summary>
    /// <exception cref="EifException"><see cref="EifError.Ramdisk"/>.</exception>
    public static GzipMember Open(Stream stream, long start, long maxUnpackedBytes)
    {
        long deflateStart = start + HeaderBytes(stream, start);
        DeflateFeed scout = new(stream, deflateStart, bytewiseFrom: long.MaxValue);
        using (GzipMember content = new(stream, scout, maxUnpackedBytes))
        {
            content.CopyTo(Null);
        }

        return new GzipMember(stream, new DeflateFeed(stream, deflateStart, scout.LastPieceStart), maxUnpackedBytes);
    }

    /// <inheritdoc/>
    /// <exception cref="EifException"><see cref="EifError.Ramdisk"/>.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            int read = _deflate.Read(buffer);
            _crc.Append(buffer[..read]);
            _unpackedBytes += read;
            return _unpackedBytes <= _maxUnpackedBytes
                ? read
                : throw RamdiskReader.Refused(_feed.FedUpTo, $"more than {_maxUnpackedBytes} bytes, unpacked");
        }
        catch (InvalidDataException e)
        {
            throw RamdiskReader.Refused(_feed.FedUpTo, "its gzipped data is damaged", e);
        }
    }

    /// <summary>After the content has been read to its end: checks the trailer and returns the position behind it.</summary>
    /// <exception cref="EifException"><see cref="EifError.Ramdisk"/>: not the content's checksum and length, or none.</exception>
    public long End()
    {
        long end = _feed.FedUpTo;
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        _below.Position = end;
        if (_below.ReadAtLeast(trailer, trailer.Length, throwOnEndOfStream: false) < trailer.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer) != _crc.Value
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer[sizeof(uint)..]) != (uint)_unpackedBytes)
        {
            throw RamdiskReader.Refused(end, "the gzip trailer is not that of its content");
        }

        return end + TrailerBytes;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _deflate.Dispose();
            _feed.Dispose();
        }

        base.Dispose(disposing);
    }

    private static int HeaderBytes(Stream stream, long start)
    {
        byte[] buffer = new byte[FixedHeaderBytes + MaxNameBytes];
        stream.Position = start;
        ReadOnlySpan<byte> header = buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        if (header.Length < FixedHeaderBytes || !header.StartsWith<byte>([FirstByte, 0x8b, DeflateMethod]))
        {
            throw RamdiskReader.Refused(start, "no gzip header");
        }

        // The kernel skips the file's name and no other optional field (lib/decompress_inflate.c).
        switch (header[FlagsOffset])
        {
            case 0:
                return FixedHeaderBytes;
            case NameFlag when header[FixedHeaderBytes..].IndexOf((byte)0) is int zero and >= 0:
                return FixedHeaderBytes + zero + 1;
            default:
                throw RamdiskReader.Refused(start, "a gzip header with fields that the kernel does not skip");
        }
    }
}
