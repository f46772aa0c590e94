using K4os.Compression.LZ4;

namespace Init.Eif;

/// <summary>The content of one LZ4 frame inside of a stream that goes on behind it.</summary>
/// <remarks>Holds one block, packed and unpacked: 16 MiB.</remarks>
internal sealed class Lz4Member : ForwardStream
{
    private readonly Stream _below;
    private readonly long _maxUnpackedBytes;
    private readonly byte[] _packed = new byte[Lz4Frame.MaxPackedBytes];
    private readonly byte[] _block = new byte[Lz4Frame.BlockBytes];
    private long _position;
    private long _unpackedBytes;
    private int _start;
    private int _end;

    private Lz4Member(Stream below, long start, long maxUnpackedBytes) => (_below, _position, _maxUnpackedBytes) = (below, start, maxUnpackedBytes);

    /// <summary>After the content has been read to its end: the position behind it.</summary>
    public long End => _position;

    /// <summary>Opens the frame that begins at <paramref name="start"/>.</summary>
    /// <exception cref="EifException"><see cref="EifError.Ramdisk"/>.</exception>
    public static Lz4Member Open(Stream stream, long start, long maxUnpackedBytes)
    {
        Span<byte> magic = stackalloc byte[Lz4Frame.Magic.Length];
        stream.Position = start;
        return stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual(Lz4Frame.Magic)
            ? new Lz4Member(stream, start + magic.Length, maxUnpackedBytes)
            : throw RamdiskReader.Refused(start, "no lz4 header of the legacy frame, which is what the kernel takes");
    }

    /// <inheritdoc/>
    /// <exception cref="EifException"><see cref="EifError.Ramdisk"/>.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_start == _end)
        {
            if (!ReadBlock())
            {
                return 0;
            }
        }

        int taken = Math.Min(buffer.Length, _end - _start);
        _block.AsSpan(_start, taken).CopyTo(buffer);
        _start += taken;
        return taken;
    }

    /// <returns>False at the frame's end.</returns>
    private bool ReadBlock()
    {
        Span<byte> length = stackalloc byte[Lz4Frame.LengthBytes];
        _below.Position = _position;
        if (_below.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length || length.SequenceEqual(Lz4Frame.End))
        {
            return false;
        }

        uint packedBytes = Lz4Frame.ReadLength(length);
        if (packedBytes > _packed.Length)
        {
            throw RamdiskReader.Refused(_position, $"an lz4 block of {packedBytes} bytes, {_packed.Length} are allowed");
        }

        Span<byte> packed = _packed.AsSpan(0, (int)packedBytes);
        if (_below.ReadAtLeast(packed, packed.Length, throwOnEndOfStream: false) < packed.Length)
        {
            throw RamdiskReader.Refused(_position, "it ends inside of an lz4 block");
        }

        int unpacked = LZ4Codec.Decode(packed, _block);
        if (unpacked < 0)
        {
            throw RamdiskReader.Refused(_position, "its lz4 data is damaged");
        }

        _position += length.Length + packed.Length;
        _unpackedBytes += unpacked;
        (_start, _end) = (0, unpacked);
        return _unpackedBytes <= _maxUnpackedBytes
            ? true
            : throw RamdiskReader.Refused(_position, $"more than {_maxUnpackedBytes} bytes, unpacked");
    }
}
