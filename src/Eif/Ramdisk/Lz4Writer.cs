using K4os.Compression.LZ4;

namespace Init.Eif;

/// <summary>Packs what is written to it into one frame. Disposing writes the last block.</summary>
/// <remarks>The output depends on the input alone: the compressor works on 64-bit words and uses no vector instructions.</remarks>
internal sealed class Lz4Writer : Stream
{
    private readonly Stream _target;
    private readonly byte[] _block = new byte[Lz4Frame.BlockBytes];
    private readonly byte[] _packed = new byte[Lz4Frame.LengthBytes + Lz4Frame.MaxPackedBytes];
    private int _filled;

    public Lz4Writer(Stream target)
    {
        _target = target;
        target.Write(Lz4Frame.Magic);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int taken = Math.Min(buffer.Length, _block.Length - _filled);
            buffer[..taken].CopyTo(_block.AsSpan(_filled));
            buffer = buffer[taken..];
            _filled += taken;
            if (_filled == _block.Length)
            {
                WriteBlock();
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _filled > 0)
        {
            WriteBlock();
        }

        base.Dispose(disposing);
    }

    private void WriteBlock()
    {
        int packed = LZ4Codec.Encode(_block.AsSpan(0, _filled), _packed.AsSpan(Lz4Frame.LengthBytes), LZ4Level.L12_MAX);
        Lz4Frame.WriteLength(_packed, packed);
        _target.Write(_packed.AsSpan(0, Lz4Frame.LengthBytes + packed));
        _filled = 0;
    }
}
