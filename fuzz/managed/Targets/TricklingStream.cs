namespace Init.Fuzz.Targets;

/// <summary>Bytes as a stream that gives a few at a time, and never the same number twice in a row.</summary>
internal sealed class TricklingStream(byte[] bytes) : Stream
{
    private const int MaxPieceBytes = 7;

    private readonly MemoryStream _whole = new(bytes, writable: false);
    private int _reads;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _whole.Length;

    public override long Position
    {
        get => _whole.Position;
        set => _whole.Position = value;
    }

    public override int Read(Span<byte> buffer) => _whole.Read(buffer[..Math.Min(buffer.Length, 1 + (_reads++ % MaxPieceBytes))]);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => _whole.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
